"""How right a detector is on a labelled history, and stock asv on the same results."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from unladen.changes.model import IS_NONE, Change, State
from unladen.errors import UserError
from unladen.history.lines import line_of
from unladen.labels.check import order_disagreements
from unladen.labels.labels import Effect, load
from unladen.labels.score.asv import asv_detections
from unladen.labels.score.matching import Detection, Matched, Matcher, Truth, detection_of
from unladen.project.project import Project
from unladen.repo.repository import open_repository
from unladen.results.open import results_on_line

REGRESSIONS = frozenset(
    {
        Effect.WORSE,
        Effect.BROKEN,
        Effect.NEW_AND_BROKEN,
        Effect.GOES_WRONG,
        Effect.NEW_AND_WRONG,
    }
)
"""What a tool that knows regressions only should find."""

BINS = (0.01, 0.03, 0.10, 0.30, 1.0)
"""Bounds of the sizes that are told apart: after / before - 1 (or before / after - 1)."""

STATES = "to or from n/a or failed"
NO_RATIO = "from or to 0"


@dataclass
class DetectionCounts:
    """Labelled changes and detections. ``found``: labelled ones that a detection means;
    ``at_commit``: those whose detection names their commit; ``wrong``, ``neither``: detections that
    mean none."""

    labelled: int = 0
    found: int = 0
    at_commit: int = 0
    wrong: int = 0
    neither: int = 0

    @property
    def recall(self) -> float | None:
        """Found, of those labelled."""
        return self.found / self.labelled if self.labelled else None

    @property
    def precision(self) -> float | None:
        """Right detections, of all of which the labels tell."""
        detections = self.found + self.wrong
        return self.found / detections if detections else None

    @property
    def right_commit(self) -> float | None:
        """Found at their very commit, of those found."""
        return self.at_commit / self.found if self.found else None


Table = Mapping[str, DetectionCounts]


@dataclass(frozen=True)
class Score:
    """``by_group``: ours, by kind and group; ``by_size``: ours, by kind and size of the change;
    ``confirmed``: of sampled series, only what measuring side by side has confirmed, None if
    nothing has been measured so. ``regressions``: by kind, labelled regressions only, ours
    (``unladen``) and asv's (``asv``)."""

    target: str
    machine: str
    environment: str
    commits: int
    measured: int
    by_group: Mapping[str, Table]
    by_size: Mapping[str, Table]
    confirmed: DetectionCounts | None
    regressions: Mapping[str, Table]
    remarks: Sequence[str] = field(default=())


def score_history(
    project: Project,
    labels_file: Path,
    machine: str | None = None,
    environment: str | None = None,
    branch: str | None = None,
) -> Score:
    """Compare the labels with what unladen and asv find in the stored results.

    Raises ``UserError`` for unreadable labels, labels of another history, and no results.
    """
    labels = load(labels_file)
    repository = open_repository(project)
    line = line_of(project, repository, branch)
    results = results_on_line(project, repository, line, machine, environment, borrows=False)
    history = results.history
    lines = order_disagreements(labels, [commit.subject for commit in history.commits])
    if lines:
        more = f" (and {len(lines) - 1} more like it)" if len(lines) > 1 else ""
        raise UserError(f"{labels_file} is of another history: {lines[0]}{more}")
    positions = {commit.hash: position for position, commit in enumerate(history.commits)}
    matcher = Matcher(history, labels)

    def detections(chosen: Iterable[Change]) -> list[Detection]:
        return [detection_of(change, positions) for change in chosen]

    ours = detections(change for change in results.changes if change.state not in IS_NONE)
    matched = matcher.match(matcher.truths, ours)
    confirmed = detections(change for change in results.changes if change.state is State.CONFIRMED)
    return Score(
        target=history.target,
        machine=history.machine,
        environment=history.environment,
        commits=len(history.commits),
        measured=sum(history.measured),
        by_group=_tables(matched, _group, _group),
        by_size=_tables(matched, _size, None),
        confirmed=_confirmed(matcher, confirmed) if confirmed else None,
        regressions=_regressions(matcher, ours, asv_detections(project, results)),
        remarks=results.remarks,
    )


def _confirmed(matcher: Matcher, detections: Sequence[Detection]) -> DetectionCounts:
    truths = [truth for truth in matcher.truths if not truth.series.is_exact]
    all_counts = _tables(matcher.match(truths, detections), _everything, _everything)
    return next(iter(all_counts.values()))["all"]


def _regressions(
    matcher: Matcher, ours: Sequence[Detection], asvs: Sequence[Detection]
) -> dict[str, dict[str, DetectionCounts]]:
    truths = [truth for truth in matcher.truths if truth.effect in REGRESSIONS]
    by_tool = {}
    for tool, detections in (("unladen", ours), ("asv", asvs)):
        chosen = [detection for detection in detections if detection.effect in REGRESSIONS]
        others = [detection for detection in detections if detection.effect not in REGRESSIONS]
        if tool == "asv":  # it calls all that it finds regressions
            chosen += others
        by_tool[tool] = _tables(matcher.match(truths, chosen), _everything, _everything)
    kinds = {kind for tables in by_tool.values() for kind in tables}
    return {
        kind: {tool: tables[kind]["all"] for tool, tables in by_tool.items() if kind in tables}
        for kind in sorted(kinds)
    }


def _tables(
    matched: Matched,
    row: Callable[[Truth], str] | Callable[[Any], str],
    detection_row: Callable[[Detection], str] | None,
) -> dict[str, dict[str, DetectionCounts]]:
    """Counts by kind of series and by row; detections that mean nothing have rows of their own, if
    they can be told to which they belong."""
    tables: dict[str, dict[str, DetectionCounts]] = {}

    def counts(kind: str, name: str) -> DetectionCounts:
        return tables.setdefault(_kind(kind), {}).setdefault(name, DetectionCounts())

    for truth, detection in matched.found:
        one = counts(truth.series.kind, row(truth))
        one.labelled += 1
        one.found += detection is not None
        one.at_commit += detection is not None and detection.commit == truth.commit
    if detection_row is not None:
        for detection in matched.wrong:
            counts(detection.series.kind, detection_row(detection)).wrong += 1
        for detection in matched.neither:
            counts(detection.series.kind, detection_row(detection)).neither += 1
    return {kind: tables[kind] for kind in sorted(tables)}


def total(table: Table) -> DetectionCounts:
    """All rows together."""
    whole = DetectionCounts()
    for counts in table.values():
        for name in ("labelled", "found", "at_commit", "wrong", "neither"):
            setattr(whole, name, getattr(whole, name) + getattr(counts, name))
    return whole


def size_names() -> list[str]:
    """The names of the sizes, in order."""
    bounds = [f"{bound * 100:g} %" for bound in BINS[:-1]] + ["x2"]
    names = [f"below {bounds[0]}"]
    names += [f"{low} to {high}" for low, high in itertools.pairwise(bounds)]
    return [*names, f"from {bounds[-1]}", NO_RATIO, STATES]


def _kind(kind: str) -> str:
    return "exact" if kind == "exact" else "sampled"


def _group(one: Truth | Detection) -> str:
    return one.series.group or "no group"


def _everything(_: Truth | Detection) -> str:
    return "all"


def _size(truth: Truth) -> str:
    if truth.effect not in (Effect.WORSE, Effect.BETTER):
        return STATES
    if truth.size is None:
        return NO_RATIO
    share = math.expm1(truth.size)
    return size_names()[sum(share >= bound for bound in BINS)]
