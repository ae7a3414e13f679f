"""Which driver it was that connected an SDK: digests of its code.

Exact values say what an SDK does when it is driven so. Those of another driver say nothing about
the commit. Comments, docstrings, blank lines and what is at the ends of lines do not count; nor
does the interpreter that reads the driver here.

A module that is named after a capability is that capability's **part** of the driver, with all that
it imports. What is in it is no other capability's affair, and neither is that the driver lists it.
A module that is named after a capability and a module of its benchmarks (``talk_loudly.py`` for
``talk.loudly``) connects what these ask besides: the driver need not know of it
(``targets.loading.part``), and it counts for their series only.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from unladen.project.code_text import Module, code_text
from unladen.project.connections import Connections
from unladen.project.suite import suite_root

LENGTH = 16
"""Hexadecimal digits of a digest."""

_OF_THE_SUITE = "protocols"
"""A package in ``targets`` that is no target's: what a series means is its version's affair. It has
a module for each capability, of its name."""


@dataclass(frozen=True)
class DriverDigests:
    """``common``: of what all capabilities of a driver share, "" if there is none; ``parts``: by
    name of each capability that has a part of its own, with what all share; and by ``talk.loudly``
    of what is asked of one besides."""

    common: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)

    def of(self, parts: Sequence[str]) -> str:
        """That of the first of these parts that there is, or of what all share."""
        return next((self.parts[one] for one in parts if one in self.parts), self.common)


def driver_digests(driver: Path, project: str) -> DriverDigests:
    """The digests of a target's driver: of its file and all modules of targets that this imports,
    at once or inside functions; none if there is no such file.

    ``driver``: ``driver.py``, or the ``__init__.py`` of a package ``driver``.
    """
    if not driver.is_file():
        return DriverDigests()
    kept = _kept.get((driver, project))
    if kept is None or any(_state(path) != state for path, state in kept.states.items()):
        kept = _kept[driver, project] = _read(driver, project)
    return kept.digests


@dataclass(frozen=True)
class _Kept:
    """``states``: of the files that were read, and of the folders in which they were found."""

    digests: DriverDigests
    states: Mapping[Path, tuple[int, int]]


_kept: dict[tuple[Path, str], _Kept] = {}
"""What was read in this process: it takes a tenth of a second, at each commit."""


def _state(path: Path) -> tuple[int, int]:
    """When it was last changed (of a folder, its list of files), which nobody can set."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_ctime_ns, found.st_size


def _read(driver: Path, project: str) -> _Kept:
    code = _Code(driver, project)
    common = code.reached(code.name, driver)
    parts = {
        part: _digest({**common, **code.reached(name, file)})
        for part, (name, file) in code.parts().items()
        if name not in common
    }
    return _Kept(DriverDigests(_digest(common), parts), code.states)


def _digest(texts: Mapping[str, str]) -> str:
    """``texts``: of modules, by their names."""
    digest = hashlib.sha256()
    for name, text in sorted(texts.items()):
        digest.update(f"{name}\n{text}\n\n".encode())
    return digest.hexdigest()[:LENGTH]


class _Code:
    """The code of a driver. ``driver``: its own file. ``name``: its module. ``states``: of what was
    read and where that lies, from before it was read."""

    def __init__(self, driver: Path, project: str) -> None:
        targets = suite_root() / "targets"
        self.states = {path: _state(path) for path in (targets, targets / _OF_THE_SUITE)}
        self.name = f"targets.{project}.driver"
        is_package = driver.name == "__init__.py"
        # The target need not be where the suite has its own.
        self._folders = {project: driver.parent.parent if is_package else driver.parent}
        self._package = self.name if is_package else f"targets.{project}"
        self._beside = driver.parent
        self._connections: Connections | None = None
        self._modules: dict[Path, Module | None] = {}
        if module := self._module(driver):
            self._connections = Connections(module.tree, self._is_of_a_part)

    def parts(self) -> dict[str, tuple[str, Path]]:
        """By capability, the module and the file of each part that the driver does but list."""
        found = {}
        for statement, alias in self._connections.imports() if self._connections else ():
            for name, file in self._files(_absolute(statement, alias, self._package)):
                if (part := self._part(name)) is not None:
                    found[part] = name, file
        return {**found, **dict(self._besides())}

    def reached(self, name: str, file: Path) -> dict[str, str]:
        """By name, the texts of a module and of all modules of targets that it imports; without
        what the driver's own file does but list."""
        found: dict[str, str] = {}
        pending = [(name, file)]
        while pending:
            name, file = pending.pop()
            if name in found:
                continue
            module = self._module(file)
            if module is None:
                found[name] = file.read_bytes().decode(errors="replace")
                continue
            own = self._connections if name == self.name else None
            found[name] = code_text(module, own.edits(module) if own else ())
            package = name if file.name == "__init__.py" else name.rpartition(".")[0]
            pending += self._imported(module.tree, package, own)
        return found

    def _module(self, file: Path) -> Module | None:
        """What a file says; None if it is no Python."""
        if file not in self._modules:
            for path in (file.parent, file):
                self.states.setdefault(path, _state(path))
            self._modules[file] = Module.read(file.read_bytes())
        return self._modules[file]

    def _is_of_a_part(self, statement: ast.ImportFrom, alias: ast.alias) -> bool:
        names = (name for name, _ in self._files(_absolute(statement, alias, self._package)))
        return any(self._part(name) is not None for name in names)

    def _part(self, name: str) -> str | None:
        """The capability whose part a module is; None if it is none's."""
        place, _, last = name.rpartition(".")
        project = self.name.rpartition(".")[0]
        return last if _is_capability(last) and place in (project, self.name) else None

    def _besides(self) -> Iterator[tuple[str, tuple[str, Path]]]:
        """The same of what is asked of a capability besides, by the names of files."""
        for file in sorted(self._beside.glob("[!_]*_*.py")):
            capability, _, module = file.stem.partition("_")
            asked = suite_root() / "benchmarks" / capability / f"{module}.py"
            if _is_capability(capability) and asked.is_file():
                yield f"{capability}.{module}", (f"{self._package}.{file.stem}", file)

    def _imported(
        self, tree: ast.Module, package: str, own: Connections | None
    ) -> Iterator[tuple[str, Path]]:
        """The modules of targets, and their packages, that a module imports."""
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                for alias in node.names:
                    if own is None or not own.is_left_out(node, alias):
                        yield from self._files(_absolute(node, alias, package))

    def _files(self, wanted: str) -> Iterator[tuple[str, Path]]:
        """The modules of targets that a name may mean, its packages first."""
        parts = wanted.split(".")
        for depth in range(2, len(parts) + 1):
            if found := _file_of(parts[:depth], self._folders):
                yield ".".join(parts[:depth]), found


def _is_capability(name: str) -> bool:
    return (suite_root() / "targets" / _OF_THE_SUITE / f"{name}.py").is_file()


def _absolute(node: ast.Import | ast.ImportFrom, alias: ast.alias, package: str) -> str:
    """The absolute name that an import may mean."""
    if isinstance(node, ast.Import):
        return alias.name
    base = node.module or ""
    if node.level:
        parts = package.split(".")
        above = parts[: len(parts) - node.level + 1]
        base = ".".join([*above, *([base] if base else [])])
    return f"{base}.{alias.name}"


def _file_of(parts: list[str], folders: Mapping[str, Path]) -> Path | None:
    if parts[0] != "targets" or parts[1] == _OF_THE_SUITE:
        return None
    folder = folders.get(parts[1], suite_root() / "targets" / parts[1])
    if not folder.is_dir():
        return None
    module = folder.joinpath(*parts[2:])
    files = [module / "__init__.py", *([module.with_suffix(".py")] if len(parts) > 2 else [])]
    return next((file for file in files if file.is_file()), None)
