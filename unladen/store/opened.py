"""Lists of what a commit's benchmark processes opened, beside the results: ``<digest>.opened``.

Many commits open the same files, so that a list is a file of its own and called by the digest of
what is in it; records name it. JSON, one path a line.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from unladen.store.json_files import check_size, replacing

VERSION = 1
SUFFIX = ".opened"
LENGTH = 16
"""Hexadecimal digits of a list's name."""

_NAME = re.compile(rf"[0-9a-f]{{{LENGTH}}}")


@dataclass(frozen=True)
class OpenedPaths:
    """Paths in a checkout, in order. ``folders``: those that were opened themselves, "" for its
    top."""

    files: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()

    @classmethod
    def of(cls, files: Iterable[str], folders: Iterable[str]) -> OpenedPaths:
        """Of paths in any order."""
        return cls(tuple(sorted(set(files))), tuple(sorted(set(folders))))

    def __or__(self, other: OpenedPaths) -> OpenedPaths:
        """What either has."""
        return OpenedPaths.of([*self.files, *other.files], [*self.folders, *other.folders])

    def save(self, machine: Path) -> str:
        """Write the list into a machine's folder, if it is not there; its name."""
        text = self._text()
        name = _digest(text)
        path = machine / f"{name}{SUFFIX}"
        if load_opened(machine, name) is None:
            with replacing(path) as temporary:
                temporary.write_text(text, encoding="utf-8", errors="surrogateescape")
        return name

    def _text(self) -> str:
        said = {"version": VERSION, "files": self.files, "folders": self.folders}
        return json.dumps(said, indent=0, sort_keys=True) + "\n"


class _Stored(msgspec.Struct):
    version: int
    files: tuple[str, ...]
    folders: tuple[str, ...]


def load_opened(machine: Path, name: str) -> OpenedPaths | None:
    """The list of that name in a machine's folder; None if it is not there, or not what it was: who
    lacks it measures."""
    path = machine / f"{name}{SUFFIX}"
    if not _NAME.fullmatch(name):
        return None
    try:
        check_size(path)
        text = path.read_bytes()
        if hashlib.sha256(text).hexdigest()[:LENGTH] != name:
            return None
        stored = msgspec.json.decode(text, type=_Stored)
    except (OSError, msgspec.DecodeError, RecursionError):
        return None
    return OpenedPaths(stored.files, stored.folders) if stored.version == VERSION else None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()[:LENGTH]
