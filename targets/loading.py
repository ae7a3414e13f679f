"""Finding the target under test by its name, and its SDK's files."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from functools import cache
from pathlib import Path

from targets.protocol import Target


class DriverError(Exception):
    """A driver is missing or malformed; the message is one line and says what to do."""


@cache
def load(name: str) -> Target:
    """The target of ``targets/NAME/driver.py``. Raises ``DriverError``."""
    where = f"targets/{name}/driver.py"
    try:
        module = importlib.import_module(f"targets.{name}.driver")
    except ModuleNotFoundError as error:
        if error.name in {f"targets.{name}", f"targets.{name}.driver"}:
            raise DriverError(f"there is no {where}: write one, or check the name") from error
        raise DriverError(f"{where} needs {error.name!r}: import it inside a function") from error
    except Exception as error:
        raise DriverError(f"{where} fails at import: {type(error).__name__}: {error}") from error
    return check(getattr(module, "TARGET", None), name)


def check(target: object, name: str) -> Target:
    """``target`` if it is a well-formed ``Target`` called ``name``, else ``DriverError``."""
    where = f"targets/{name}/driver.py"
    if not isinstance(target, Target):
        raise DriverError(f"{where} must define TARGET = Target(...), not {target!r}")
    if target.name != name:
        raise DriverError(f"{where}: TARGET.name is {target.name!r}, the folder says {name!r}")
    if isinstance(target.imports, str) or not target.imports:
        raise DriverError(f"{where}: TARGET.imports must list at least one module")
    if target.negotiation is not None and not callable(target.negotiation):
        raise DriverError(f"{where}: TARGET.negotiation must be a function that takes a World")
    if target.shortcomings is not None and not callable(target.shortcomings):
        raise DriverError(f"{where}: TARGET.shortcomings must be a function that takes a result")
    return target


def current_name() -> str:
    """The name of the target under test: asv's project, or ``UNLADEN_TARGET``."""
    name = os.environ.get("ASV_PROJECT") or os.environ.get("UNLADEN_TARGET")
    if not name:
        raise DriverError("no target is named: run through asv, or set UNLADEN_TARGET=NAME")
    return name


def package_files(target: Target) -> tuple[str, ...]:
    """The folders (or single files) of the SDK's own code, as absolute paths.

    Imports the SDK's top-level packages; raises what that raises.
    """
    folders = []
    for package in sorted({module.partition(".")[0] for module in target.imports}):
        module = importlib.import_module(package)
        if module.__file__ is None:
            folders += [str(Path(path).resolve()) for path in module.__path__]
        else:
            file = Path(module.__file__).resolve()
            folders.append(str(file.parent if file.stem == "__init__" else file))
    return tuple(folders)


def put_on_path(folder: Path, module: str) -> None:
    """Make ``module`` importable from ``folder`` if it is not installed.

    Inside an asv environment the commit's own tree is on the path and wins.
    """
    if importlib.util.find_spec(module) is None:
        sys.path.append(str(folder))
