"""A tiny SDK that reads rules: what ``rules.py`` drives until yours stands in its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_SENTENCE = re.compile(r"[^.!?\n]+")
_KINDS = {"must not": "forbidden", "may": "allowed", "never": "forbidden", "magic": "setting"}
"""What kind of constraint a sentence is, by the first of these words that it has."""


@dataclass(frozen=True)
class Constraint:
    """A sentence that rules something."""

    kind: str
    text: str


@dataclass(frozen=True)
class Loaded:
    """A file as it was read."""

    path: Path
    content: str


class Reader:
    """Reads rule files; what it has found in one is kept until the file says something else."""

    def __init__(self) -> None:
        self._found: dict[Path, tuple[str, list[Constraint]]] = {}

    def load(self, path: Path) -> Loaded:
        """Read a file."""
        return Loaded(path, path.read_text(encoding="utf-8"))

    def constraints(self, loaded: Loaded) -> list[Constraint]:
        """The constraints in it, in their order."""
        known = self._found.get(loaded.path)
        if known is None or known[0] != loaded.content:
            known = loaded.content, _constraints(loaded.content)
            self._found[loaded.path] = known
        return known[1]


def _constraints(content: str) -> list[Constraint]:
    found = []
    for sentence in _SENTENCE.findall(content):
        words = f" {sentence.strip()} "
        kind = next((kind for word, kind in _KINDS.items() if f" {word} " in words), None)
        if kind is not None:
            found.append(Constraint(kind, words.strip()))
    return found
