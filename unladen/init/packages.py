"""Which package of a repository users import, and from which of its folders."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

SIDE_ROOMS = frozenset(
    {
        *("test", "tests", "testing", "doc", "docs", "example", "examples", "samples", "demo"),
        *("benchmark", "benchmarks", "scripts", "tools", "utils", "ci", "notebooks", "cookbook"),
    }
)
"""Folders whose packages no user of an SDK imports."""

_SOURCE_FOLDERS = ("src", "lib", "python")


@dataclass(frozen=True)
class Package:
    """``path``: its folder, or its file, in the repository. ``import_root``: the folder that goes
    on ``sys.path``, "" for the top. ``name``: what is imported."""

    path: str
    import_root: str
    name: str


def package_at(path: str, import_root: str | None = None) -> Package:
    """The package in this folder of the repository, or the module in this file.

    ``import_root``: the folder that it is imported from; None: the one above it, or the nearest
    folder called ``src``. Raises ``ValueError`` for a path that is not below it.
    """
    entry = PurePosixPath(path)
    root = _import_root(entry) if import_root is None else PurePosixPath(import_root)
    if root not in entry.parents:
        raise ValueError(f"{path} is not below {root}")
    parts = entry.relative_to(root).with_suffix("").parts
    shown = "" if root == PurePosixPath() else str(root)
    return Package(str(entry), shown, ".".join(parts))


def packages_in(files: Iterable[str]) -> list[Package]:
    """The packages, and the modules of no package, among a repository's files; the outermost first.

    Left out are tests, examples and the like.
    """
    known = [PurePosixPath(file) for file in files]
    folders = {file.parent for file in known if file.name == "__init__.py"}
    outermost = [folder for folder in folders if folder.parent not in folders and folder.parts]
    modules = [
        file
        for file in known
        if file.suffix == ".py" and str(file.parent) in (".", *_SOURCE_FOLDERS)
    ]
    found = [entry for entry in [*outermost, *modules] if _is_imported(entry)]
    found.sort(key=lambda entry: (len(entry.parts), str(entry)))
    return [package_at(str(entry)) for entry in found]


def chosen(packages: Sequence[Package], project: str) -> Package | None:
    """The one that is called as the project is, or else the only one; None if that is not sure.

    Of several that are called so the outermost is meant.
    """
    called = [one for one in packages if _plain(one.name) == _plain(project)]
    if called:
        return called[0]
    whole = [one for one in packages if not one.path.endswith(".py")]
    return whole[0] if len(whole) == 1 else None


def _import_root(entry: PurePosixPath) -> PurePosixPath:
    above = list(entry.parents)
    return next((folder for folder in above if folder.name == "src"), above[0])


def _is_imported(entry: PurePosixPath) -> bool:
    parts = entry.with_suffix("").parts
    if {part.lower() for part in parts} & SIDE_ROOMS or parts[-1] in ("setup", "conftest"):
        return False
    return parts[-1].isidentifier()


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "", name).lower()
