"""Scripts of pages, put together into a few files: a browser asks for each file by itself, and a
page waits for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path


@dataclass(frozen=True)
class Bundle:
    """A file, and the scripts that it consists of, in order."""

    file: str
    scripts: tuple[str, ...]


def bundled(scripts: Sequence[str], own: str, shared: Mapping[str, Sequence[str]]) -> list[Bundle]:
    """The files that hold the scripts of a page, in order. ``shared``: scripts that several pages
    begin with, one group after the other, by the names of their files; ``own``: what the file of
    all others is called."""
    found = []
    rest = tuple(scripts)
    for file, group in shared.items():
        if rest[: len(group)] == (*group,):
            found.append(Bundle(file, (*group,)))
            rest = rest[len(group) :]
    return [*found, Bundle(own, rest)] if rest else found


def write_bundles(folder: Path, scripts: Traversable, bundles: Iterable[Bundle]) -> None:
    """Write the files into ``folder``, each once; ``scripts``: where their parts lie.

    Each part is a script in strict mode whose names are its own but for one constant, so that all
    mean the same one after the other.
    """
    for bundle in {one.file: one for one in bundles}.values():
        parts = [(scripts / name).read_text("utf-8") for name in bundle.scripts]
        (folder / bundle.file).write_text("".join(parts), "utf-8")
