"""What a commit changes in the files of an SDK, as git says it, and these files."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from unladen.asv_bridge.processes import ProcessError
from unladen.explain.code import Key, SourceFile, parse
from unladen.repo.refs import git_output
from unladen.repo.repository import Repository

AT_HAND = 64
"""Commits whose files are held: those that the windows of neighbouring commits share."""

_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


@dataclass(frozen=True)
class Hunk:
    """Lines of a file that others take the place of: ``old`` before, ``new`` after."""

    old: range
    new: range

    def __str__(self) -> str:
        return f"-{self.old.start},{len(self.old)} +{self.new.start},{len(self.new)}"


@dataclass
class FileDiff:
    """``old``, ``new``: the file's path before and after, "" where there is none."""

    old: str
    new: str
    hunks: list[Hunk] = field(default_factory=list)


def diff_of(repository: Repository, before: str, after: str) -> list[FileDiff]:
    """The Python files that differ between two commits, renamed ones as one. Others are not read:
    a clone may lack large ones. Raises ``ProcessError``."""
    options = ["-c", "core.quotePath=false", "diff", "--no-color", "--no-ext-diff", "--no-textconv"]
    wanted = ["--find-renames", "--unified=0", "--src-prefix=a/", "--dst-prefix=b/"]
    found: list[FileDiff] = []
    asked = [*options, *wanted, before, after, "--", "*.py"]
    for line in git_output(repository, asked).split("\n"):
        if line.startswith("diff --git "):
            found.append(FileDiff("", ""))
        elif line.startswith("rename from "):
            found[-1].old = line.removeprefix("rename from ")
        elif line.startswith("rename to "):
            found[-1].new = line.removeprefix("rename to ")
        elif line.startswith("--- a/") and not found[-1].hunks:
            found[-1].old = line.removeprefix("--- a/").rstrip("\t")
        elif line.startswith("+++ b/") and not found[-1].hunks:
            found[-1].new = line.removeprefix("+++ b/").rstrip("\t")
        elif match := _HUNK.match(line):
            old, old_count, new, new_count = (int(one or "1") for one in match.groups())
            found[-1].hunks.append(Hunk(range(old, old + old_count), range(new, new + new_count)))
    return found


class CommitFiles:
    """The files of an SDK at one commit, by the names that its process gives them: from the folder
    that the package is in.

    ``roots``: what of a checkout is on the path.
    """

    def __init__(self, repository: Repository, commit: str, roots: Sequence[str]) -> None:
        """Nothing is read yet."""
        self._repository = repository
        self._commit = commit
        self._roots = [f"{root.strip('/')}/" for root in roots if root.strip("/.")]
        self._read: dict[str, SourceFile | None] = {}

    @cached_property
    def paths(self) -> Mapping[str, str]:
        """The paths of Python files in the repository, by those names; where two have one, that
        below a root."""
        options = ["-c", "core.quotePath=false", "ls-tree", "-r", "--name-only", self._commit]
        listed = git_output(self._repository, options).split("\n")
        found = {path: path for path in listed if path.endswith(".py")}
        for root in self._roots:
            below = [path for path in listed if path.startswith(root) and path.endswith(".py")]
            found.update({path.removeprefix(root): path for path in below})
        return found

    @property
    def packaged(self) -> list[str]:
        """The files below the roots; all, if the top of the checkout is one."""
        if not self._roots:
            return list(self.paths)
        return [name for name, path in self.paths.items() if self.name_of(path) == name != path]

    def name_of(self, path: str) -> str:
        """What the process calls a file of the repository."""
        root = next((root for root in self._roots if path.startswith(root)), "")
        return path.removeprefix(root)

    def source(self, file: str) -> SourceFile | None:
        """A file, parsed; None if the commit has none of this name."""
        if file not in self._read:
            path = self.paths.get(file)
            text = None if path is None else self._text(path)
            self._read[file] = None if text is None else parse(file, text)
        return self._read[file]

    def sources(self, files: Iterable[str]) -> dict[str, SourceFile]:
        """Those of the files that the commit has."""
        found = ((file, self.source(file)) for file in files)
        return {file: source for file, source in found if source is not None}

    def line(self, file: str, number: int) -> str:
        """The text of a line, without what is around it; "" if there is none."""
        source = self.source(file)
        if source is None or not 0 < number <= len(source.lines):
            return ""
        return source.lines[number - 1].strip()

    def function_at(self, file: str, line: int) -> Key | None:
        """The innermost function that holds a line; None of a file that is not there."""
        source = self.source(file)
        holding = [
            one
            for one in (source.functions.values() if source is not None else ())
            if one.first <= line <= one.last
        ]
        return min(holding, key=lambda one: one.last - one.first).key if holding else None

    def _text(self, path: str) -> str | None:
        try:
            return git_output(self._repository, ["show", f"{self._commit}:{path}"])
        except (ProcessError, UnicodeDecodeError):
            return None  # not in this clone, or no text


@lru_cache(maxsize=AT_HAND)
def commit_files(repository: Repository, commit: str, roots: tuple[str, ...]) -> CommitFiles:
    """The files of a commit, each read and parsed once as long as few other commits are asked."""
    return CommitFiles(repository, commit, roots)


@dataclass(frozen=True)
class Touched:
    """Which lines of which files lie between two commits. ``hunks``: by file, as its process calls
    it after them, or before them if it is gone. ``renamed``: files by their names before;
    ``before``, ``after``: the files that differ, as they were called then."""

    hunks: Mapping[str, Sequence[Hunk]]
    renamed: Mapping[str, str]
    before: Collection[str]
    after: Collection[str]

    @classmethod
    def of(cls, diffs: Sequence[FileDiff], old: CommitFiles, new: CommitFiles) -> Touched:
        """What git says of two commits, whose files ``old`` and ``new`` are."""
        hunks: dict[str, list[Hunk]] = {}
        renamed = {}
        for one in diffs:
            was, now = old.name_of(one.old), new.name_of(one.new)
            hunks[now or was] = one.hunks
            if was and now and was != now:
                renamed[was] = now
        return cls(
            hunks,
            renamed,
            before=[old.name_of(one.old) for one in diffs if one.old],
            after=[new.name_of(one.new) for one in diffs if one.new],
        )

    def hunk(self, file: str, lines: range) -> Hunk | None:
        """The first hunk that touches some lines of a file, as they are after the commit."""
        for hunk in self.hunks.get(file, ()):
            start, stop = hunk.new.start, max(hunk.new.stop, hunk.new.start + 1)
            if start < lines.stop and lines.start < stop:
                return hunk
        return None

    def at(self, file: str, line: int) -> Hunk | None:
        """The hunk that touches one line of a file, as it is after the commit."""
        return self.hunk(file, range(line, line + 1))
