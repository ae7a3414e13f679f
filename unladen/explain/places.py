"""Where in a repository a cause stands."""

from __future__ import annotations

from dataclasses import dataclass

from unladen.explain.diffs import CommitFiles
from unladen.explain.foremost import Foremost
from unladen.explain.run import CommitPair
from unladen.repo.forge import SourcePlace


def source_place(one: Foremost, pair: CommitPair) -> SourcePlace | None:
    """Where a cause's line is, or else its function: after the commit, or before it where it is
    gone; None if neither has its file."""
    sides = _side(pair.after.hash, pair.new, one.key.file), _before(one.key.file, pair)
    known = [side for side in sides if side is not None]
    if one.line and one.text:
        for side in known:
            if side.files.line(side.file, one.line) == one.text:
                return side.place(one.line)
    for side in known:
        if first := side.first_line(one.key.name):
            return side.place(first)
    return known[0].place(0) if known else None


@dataclass(frozen=True)
class _Side:
    """A file of one of the commits, as the commit's process calls it."""

    commit: str
    files: CommitFiles
    file: str

    def place(self, line: int) -> SourcePlace:
        return SourcePlace(self.commit, self.files.paths[self.file], line)

    def first_line(self, function: str) -> int:
        source = self.files.source(self.file)
        found = source.functions.get(function) if source is not None else None
        return found.first if found is not None else 0


def _side(commit: str, files: CommitFiles, file: str) -> _Side | None:
    return _Side(commit, files, file) if file in files.paths else None


def _before(file: str, pair: CommitPair) -> _Side | None:
    was = {now: before for before, now in pair.touched.renamed.items()}
    return _side(pair.before.hash, pair.old, was.get(file, file))
