"""Our own packages, found here whatever else on the path has their names.

An SDK may have a top-level ``mocks`` or ``benchmarks`` of its own. Ours are loaded before the SDK
is, from this folder; from then on their names are known, and nothing is added that a later import
would have to go through: an entry of ``sys.path`` or a finder before the SDK's would be a part of
what imports cost, in exact figures too.

``python benchmarks/core/rooms.py MODULE PATH...`` runs ``MODULE.main`` in the same way in a process
of its own, with that path.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path
from typing import Any

# Not resolved: the rooms may be links, each to somewhere else.
ROOT = Path(os.path.abspath(__file__)).parents[2]

ROOMS = ("benchmarks", "meters", "mocks", "targets")

_INDENTED_IMPORT = re.compile(rb"^[ \t]+(?:from|import)[ \t]", re.MULTILINE)


class NameTaken(ImportError):
    """The SDK wants a package of its own that has the name of one of ours."""


def claim(*names: str) -> None:
    """Load these packages of ours. Raises ``NameTaken`` where another is loaded already."""
    for name in names:
        loaded = sys.modules.get(name)
        if loaded is None:
            _load(name)
        elif not all(_is_ours(folder, name) for folder in getattr(loaded, "__path__", [""])):
            raise NameTaken(f"something has imported another {name!r} than Unladen's")


def import_sdk(module: str) -> None:
    """Import a module of the SDK. Raises what it raises, and ``NameTaken`` for an import, by one
    that is not ours, of a package that there are two of: it would get ours, silently."""
    others = _others()
    if not others:
        importlib.import_module(module)
        return
    refused: list[NameTaken] = []
    with _refusing(others, refused):
        try:
            importlib.import_module(module)
        except Exception:
            if not refused:
                raise
    if refused:
        # Whether or not the SDK goes on without: it would not where nobody measures it.
        raise refused[0]


def late_import() -> str:
    """What ``import_sdk`` cannot see, found in the text of what is loaded: an import inside a
    function of a package that there are two of; one line, "" if there is none."""
    others = _others()
    folders = {os.path.dirname(os.path.abspath(path)) + os.sep for path in others.values()}
    for name, module in sorted(sys.modules.items()):
        file = getattr(module, "__file__", None) or ""
        is_beside = file.endswith(".py") and file.startswith(tuple(folders))
        if is_beside and name.partition(".")[0] not in ROOMS:
            for line, package in _imports_in_functions(file, others):
                return _taken(f"{file}:{line}", package, others[package])
    return ""


def _load(name: str) -> None:
    spec = PathFinder.find_spec(name, [str(ROOT)])
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(f"Unladen's {name!r} is not in {ROOT}", name=name)
    module = module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        sys.modules.pop(name, None)
        raise


def _others() -> dict[str, str]:
    """Where on the path there are other packages of our names, by name."""
    return {name: path for name in ROOMS if (path := _elsewhere(name))}


def _elsewhere(name: str) -> str:
    for entry in sys.path:
        for found in (os.path.join(entry, name), os.path.join(entry, f"{name}.py")):
            if os.path.exists(found) and not _is_ours(found, name):
                return found
    return ""


def _is_ours(path: str, name: str) -> bool:
    return os.path.realpath(path) == os.path.realpath(ROOT / name)


def _taken(importer: str, package: str, other: str) -> str:
    return (
        f"{importer} imports {package!r}, which is Unladen's own in a benchmark process, so that "
        f"of {other} cannot be had: move it into the SDK's package, or rename it (docs/drivers.md)"
    )


@contextmanager
def _refusing(others: Mapping[str, str], refused: list[NameTaken]) -> Iterator[None]:
    """Meanwhile whatever is not ours cannot import the packages that there are two of."""
    find = builtins.__import__

    def checked(
        name: str,
        globals: Mapping[str, object] | None = None,
        locals: Mapping[str, object] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> Any:
        package = name.partition(".")[0]
        importer = str((globals or {}).get("__name__") or "")
        if level == 0 and package in others and importer.partition(".")[0] not in ROOMS:
            refused.append(NameTaken(_taken(importer, package, others[package])))
            raise refused[-1]
        return find(name, globals, locals, fromlist, level)

    builtins.__import__ = checked
    try:
        yield
    finally:
        builtins.__import__ = find


def _imports_in_functions(file: str, names: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """Line and package of each absolute import of one of these packages inside a function."""
    try:
        text = Path(file).read_bytes()
        if not _INDENTED_IMPORT.search(text) or not any(name.encode() in text for name in names):
            return
        tree = ast.parse(text)
    except (OSError, SyntaxError, ValueError):
        return  # it is loaded, so this is no source of it
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    yield from ((node.lineno, name) for name in _imported(node) if name in names)


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name.partition(".")[0] for alias in node.names)
    elif node.level == 0 and node.module:
        yield node.module.partition(".")[0]


def _main() -> None:
    module, *path = sys.argv[1:]
    sys.path[:] = path
    claim("benchmarks")
    importlib.import_module(module).main()


if __name__ == "__main__":
    _main()
