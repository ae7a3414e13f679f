"""Which code of the suite measures a series: what it measured is kept until that changes."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from unladen.project.code_text import Module, code_text
from unladen.project.suite_modules import ROOMS, closure, files_called, imported_modules, parsed

ASKED = ("attribute", "attribute_many")
"""The modules of ``benchmarks`` that processes run."""
_ROOMS = (*ROOMS, "targets")
_LOADERS = frozenset({"__file__", "__path__", "__import__", "import_module", "pkgutil"})
"""Names in a module that loads others by names that it puts together."""


@dataclass(frozen=True)
class MeasuringCode:
    """The code of a suite in ``root``; ``driver``: the folder of the driver, whose own code is not
    among it: what that imports of the suite is."""

    root: Path
    driver: Path

    def of(self, series: str) -> str:
        """The digest of all that measures a series: its module, what processes run, the driver's
        imports, and all that these import in turn. Comments, docstrings and blank lines do not
        count. Of a series whose module is not found it is that of the whole suite."""
        return _digest(self, self._module(series))

    def files(self, module: Path | None) -> list[Path]:
        """The files for a benchmark module, in order; None: for all."""
        asked = [self.root / "benchmarks" / f"{name}.py" for name in ASKED]
        every = (file for room in ROOMS for file in (self.root / room).rglob("*.py"))
        start = filter(Path.is_file, [*asked, *(every if module is None else [module])])
        found = closure([*start, *self._of_driver], lambda file: _needed(file, self.root))
        return sorted(file for file in found if file not in self._of_driver)

    def _module(self, series: str) -> Path | None:
        """The file of the benchmark module that has it: of ``talk.loudly.Run.track_x``."""
        parts = series.split(".")
        for length in range(len(parts) - 1, 0, -1):
            file = self.root.joinpath("benchmarks", *parts[:length])
            if (found := file.with_name(f"{file.name}.py")).is_file():
                return found
        return None

    @cached_property
    def _of_driver(self) -> frozenset[Path]:
        return frozenset(self.driver.rglob("*.py"))


@cache
def _digest(code: MeasuringCode, module: Path | None) -> str:
    digest = hashlib.sha256()
    for file in code.files(module):
        text = _text(file)
        digest.update(f"{file.relative_to(code.root).as_posix()}\0{len(text)}\0{text}".encode())
    return digest.hexdigest()[:32]


@cache
def _text(file: Path) -> str:
    content = file.read_bytes()
    module = Module.read(content)
    return content.decode(errors="replace") if module is None else code_text(module)


@cache
def _needed(file: Path, root: Path) -> tuple[Path, ...]:
    """What a module loads: what it imports, and what it names; with the packages around."""
    try:
        tree = parsed(file)
    except (SyntaxError, ValueError):
        return ()
    loaded = [file, *imported_modules(file, root, _ROOMS), *_named(file, root, tree)]
    around = {
        folder / "__init__.py"
        for one in loaded
        for folder in one.parents
        if folder != root and folder.is_relative_to(root)
    }
    return (*loaded, *filter(Path.is_file, around))


def _named(file: Path, root: Path, tree: ast.Module) -> Iterator[Path]:
    """Modules whose names are texts in one; if it puts names together, those beside it that it
    names, and all in the packages that it imports to look through them."""
    texts: set[str] = set()
    names: set[str] = set()
    packages: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            texts.add(node.value)
        elif isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.Attribute):
            names.add(node.attr)
        elif isinstance(node, ast.Import):
            packages += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            packages += [f"{node.module}.{alias.name}" for alias in node.names]
    for text in texts:
        if text.startswith(_ROOMS):
            yield from files_called(text, root, _ROOMS)
    if not _LOADERS & names:
        return
    for text in texts:
        beside = text.removesuffix(".py")
        if beside.isidentifier() and (found := file.with_name(f"{beside}.py")).is_file():
            yield found
    if "pkgutil" in names:
        for found in (file for name in packages for file in files_called(name, root, _ROOMS)):
            if found.name == "__init__.py":
                yield from found.parent.rglob("*.py")
