"""Finding the target under test by its name, and its SDK's files."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import types
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from targets.protocol import Capability, Target

C = TypeVar("C", bound=Capability[Any, Any])

_OURS = ("benchmarks", "meters", "mocks", "targets")

_NOT_A_DRIVERS = ("PYTHON", "ASV_", "UNLADEN_", "LD_")
"""How variables begin that come too late for a running interpreter, or are asv's or ours."""

FOLDER_VARIABLE = "UNLADEN_TARGET_DIR"
"""Names the folder of the driver of a target that is kept elsewhere, as in its SDK's repository."""

_ROOT = Path(__file__).resolve().parents[1]


class DriverError(Exception):
    """A driver is missing or malformed; the message is one line and says what to do."""


@cache
def load(name: str) -> Target:
    """The target of ``targets/NAME/driver.py`` or the package ``targets/NAME/driver``, or of such a
    driver in the folder that the environment names. Raises ``DriverError``."""
    where = driver_path(name)
    if folder := os.environ.get(FOLDER_VARIABLE):
        # A package, so that a driver can import what is beside it.
        package = types.ModuleType(f"targets.{name}")
        package.__path__ = [folder]
        sys.modules[package.__name__] = package
    try:
        module = importlib.import_module(f"targets.{name}.driver")
    except ModuleNotFoundError as error:
        if error.name in {f"targets.{name}", f"targets.{name}.driver"}:
            raise DriverError(f"there is no {where}: write one, or check the name") from error
        raise DriverError(f"{where} needs {error.name!r}: import it inside a function") from error
    except Exception as error:
        raise DriverError(f"{where} fails at import: {type(error).__name__}: {error}") from error
    return check(getattr(module, "TARGET", None), name)


def part(name: str, kind: type[C]) -> C | None:
    """What a driver offers of what is asked of a capability besides (``kind.name`` is
    ``agent.stores``, say): ``OFFERED`` of the module beside the driver that is called so,
    ``agent_stores.py``. ``None`` if there is no such module. Raises ``DriverError``."""
    load(name)
    driver = sys.modules[f"targets.{name}.driver"]
    place = driver.__name__ if hasattr(driver, "__path__") else f"targets.{name}"
    module = f"{place}.{kind.name.replace('.', '_')}"
    if importlib.util.find_spec(module) is None:
        return None
    try:
        offered = getattr(importlib.import_module(module), "OFFERED", None)
    except Exception as error:
        raise DriverError(f"{module} fails at import: {type(error).__name__}: {error}") from error
    if not isinstance(offered, kind):
        raise DriverError(f"{module} must define OFFERED = {kind.__name__}(...), not {offered!r}")
    if problem := offered.problem():
        raise DriverError(f"{module}: OFFERED: {problem}")
    return offered


def driver_path(name: str) -> str:
    """Where the driver of the target is, as errors name it."""
    elsewhere = os.environ.get(FOLDER_VARIABLE)
    folder = Path(elsewhere) if elsewhere else Path("targets", name)
    package = folder / "driver" / "__init__.py"
    # An absolute folder stays what it is.
    return str(package if (_ROOT / package).is_file() else folder / "driver.py")


def check(target: object, name: str) -> Target:
    """``target`` if it is a well-formed ``Target`` called ``name``, else ``DriverError``."""
    where = driver_path(name)
    if not isinstance(target, Target):
        raise DriverError(f"{where} must define TARGET = Target(...), not {target!r}")
    if target.name != name:
        raise DriverError(f"{where}: TARGET.name is {target.name!r}, the project is {name!r}")
    if isinstance(target.imports, str) or not target.imports:
        raise DriverError(f"{where}: TARGET.imports must list at least one module")
    taken = next((m for m in target.modules if m.partition(".")[0] in _OURS), None)
    if taken is not None:
        raise DriverError(
            f"{where}: TARGET.imports: {taken} has the name of a package of Unladen's"
        )
    if reason := _wrong_capabilities(target) or _wrong_environment(target):
        raise DriverError(f"{where}: TARGET.{reason}")
    return target


def _wrong_capabilities(target: Target) -> str | None:
    """What is wrong with the capabilities, after "TARGET."; ``None`` if nothing is."""
    given = target.capabilities
    if isinstance(given, str) or not isinstance(given, Sequence):
        return f"capabilities must be a list of those of targets.protocols, not {given!r}"
    for one in given:
        if not isinstance(one, Capability) or not one.name:
            return f"capabilities must hold those of targets.protocols, not {one!r}"
        if problem := one.problem():
            return f"capabilities: {one.name}: {problem}"
    names = [one.name for one in given]
    twice = next((name for name in names if names.count(name) > 1), None)
    return None if twice is None else f"capabilities: {twice} is given twice"


def _wrong_environment(target: Target) -> str | None:
    given = target.environment
    if not isinstance(given, Mapping):
        return f"environment must be a dictionary of texts, not {given!r}"
    for name, value in given.items():
        if not isinstance(name, str) or not isinstance(value, str):
            return f"environment: {name!r} and its value must be texts"
        if not name or any(sign in name for sign in "=\0") or "\0" in value:
            return f"environment: {name!r} cannot be set to {value!r}"
        if name.startswith(_NOT_A_DRIVERS):
            return f"environment: {name} is not for a driver to set"
    return None


def current_name() -> str:
    """The name of the target under test: asv's project, or ``UNLADEN_TARGET``."""
    name = os.environ.get("ASV_PROJECT") or os.environ.get("UNLADEN_TARGET")
    if not name:
        raise DriverError("no target is named: run through asv, or set UNLADEN_TARGET=NAME")
    return name


def package_files(target: Target) -> tuple[str, ...]:
    """The folders (or single files) of the SDK's own code, as absolute paths.

    Imports the SDK's own packages; raises what that raises.
    """
    folders = []
    for package in target.own:
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
