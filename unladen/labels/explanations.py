"""What the steps of a real history are: a file that says of each commit what it did, and where.

Whoever has read the commits writes it; the format is described in ``docs/labels.md``. Reading it is
strict. Whether each step has its explanation, and each explanation its steps, is the question of
``explain``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct

from unladen.changes.exact import find_exact_changes
from unladen.changes.model import Change, State
from unladen.errors import UserError
from unladen.history.history import History
from unladen.project.project import Project
from unladen.project.targets import driver_folder
from unladen.store.toml_files import read_toml

FILE = "steps.toml"

Hash = Annotated[str, Meta(pattern=r"\A[0-9a-f]{7,40}\Z")]
Line = Annotated[str, Meta(pattern=r"\A\S[^\n]*\Z")]
Place = Annotated[str, Meta(pattern=r"\A[^\s:]+(:[0-9]+)?\Z")]


class Explanation(Struct, frozen=True, forbid_unknown_fields=True):
    """What a commit did, and which of its steps that explains.

    ``commit``: its hash, or the beginning; ``what``: what it did; ``where``: files, or files and
    lines, as they are at the commit. ``series``: patterns of those whose steps it explains, by
    any of their names, also as ``name(parameters)``; if empty, all that no explanation of the
    commit names. ``rank``: it is among what a report says first, the lowest foremost; ``shows``:
    pattern of the step that is told there, by default the most important one.
    """

    commit: Hash
    what: Line
    where: Annotated[tuple[Place, ...], Meta(min_length=1)]
    series: tuple[Line, ...] = ()
    rank: Annotated[int, Meta(ge=1)] | None = None
    shows: Line = "*"

    def is_of(self, commit: str) -> bool:
        """Whether it is of the commit with this hash."""
        return commit.startswith(self.commit)

    def names(self, change: Change) -> bool:
        """Whether one of its patterns finds the change."""
        return any(change.series.is_called(pattern, change.cell) for pattern in self.series)

    def shown(self, changes: Sequence[Change]) -> Sequence[Change]:
        """Those of the changes that are told where a report says it first: all if none is as
        ``shows`` says."""
        found = [one for one in changes if one.series.is_called(self.shows, one.cell)]
        return found or changes


class _Written(Struct, frozen=True, forbid_unknown_fields=True):
    step: Annotated[tuple[Explanation, ...], Meta(min_length=1)]


@dataclass(frozen=True)
class Explained:
    """The steps of a history and what is said of them. ``told``: each explanation that explains
    some, with these, in the order of the history; ``untold``: steps that none explains; ``idle``:
    explanations that explain none."""

    told: Sequence[tuple[Explanation, Sequence[Change]]]
    untold: Sequence[Change]
    idle: Sequence[Explanation]


def explanations_of(project: Project) -> tuple[Explanation, ...]:
    """Those of a target: ``steps.toml`` beside its driver; none without it. Raises ``UserError`` as
    ``load`` does."""
    file = driver_folder(project.folder, project.name) / FILE
    return load(file) if file.is_file() else ()


def load(path: Path) -> tuple[Explanation, ...]:
    """Read a file of explanations. Raises ``UserError``, one line with the file."""
    written = read_toml(path, _Written, "explanations")
    _refuse_two_of_the_rest(written.step, path)
    return written.step


def _refuse_two_of_the_rest(explanations: Iterable[Explanation], path: Path) -> None:
    seen: list[str] = []
    for one in explanations:
        if one.series:
            continue
        if any(one.is_of(other) or other.startswith(one.commit) for other in seen):
            raise UserError(f"{path}: {one.commit} has two explanations that name no series")
        seen.append(one.commit)


def steps(history: History) -> list[Change]:
    """What has to be explained: certain changes of exact series that say what the subject does
    (virtual time, calls, outcomes); what work and memory cost moves with almost every commit."""
    return [
        change
        for change in find_exact_changes(history)
        if change.series.is_behaviour and change.state is State.CERTAIN
    ]


def explain(history: History, explanations: Sequence[Explanation]) -> Explained:
    """Which explanation explains which steps. Those of commits that are not in the history are left
    out."""
    own = {
        commit.hash: [one for one in explanations if one.is_of(commit.hash)]
        for commit in history.commits
    }
    found: dict[Explanation, list[Change]] = {one: [] for group in own.values() for one in group}
    untold = []
    for change in steps(history):
        explanation = _of(change, own[change.commit.hash])
        if explanation is None:
            untold.append(change)
        else:
            found[explanation].append(change)
    return Explained(
        told=[(one, changes) for one, changes in found.items() if changes],
        untold=untold,
        idle=[one for one, changes in found.items() if not changes],
    )


def _of(change: Change, own: Sequence[Explanation]) -> Explanation | None:
    """The first that names it, else that of the rest."""
    rest = next((one for one in own if not one.series), None)
    return next((one for one in own if one.names(change)), rest)
