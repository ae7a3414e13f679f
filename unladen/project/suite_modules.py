"""Which modules of the suite a module of it imports, as its text says."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from pathlib import Path

ROOMS = ("benchmarks", "meters", "mocks")
"""The packages of the suite whose code measures; in ``targets`` is what is measured, too."""


def closure(files: Iterable[Path], imported: Callable[[Path], Iterable[Path]]) -> Iterator[Path]:
    """Files and all that they import, and these, and so on, each once. ``imported``: by a file."""
    seen: set[Path] = set()
    waiting = list(files)
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        yield current
        waiting += imported(current)


@cache
def imported_modules(file: Path, root: Path, rooms: Collection[str] = ROOMS) -> tuple[Path, ...]:
    """The files of the modules of ``rooms`` in ``root`` that a module imports, at once or inside
    functions; of those that are packages too. By absolute names: the suite has no others."""
    names: list[str] = []
    for node in ast.walk(parsed(file)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return tuple(path for name in names for path in files_called(name, root, rooms))


def files_called(name: str, root: Path, rooms: Collection[str] = ROOMS) -> list[Path]:
    """The files that a module of this name may have; none of one that is in no room."""
    parts = name.split(".")
    if parts[0] not in rooms:
        return []
    path = root.joinpath(*parts)
    found = path.with_name(f"{path.name}.py"), path / "__init__.py"
    return [one for one in found if one.is_file()]


@cache
def parsed(file: Path) -> ast.Module:
    """What a module says. Raises ``SyntaxError``, ``ValueError``."""
    return ast.parse(file.read_bytes())
