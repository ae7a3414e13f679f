"""Whether labels are true: a pure comparison of what they say with values that were measured.

Both ways: what a label says must be there in every cell that it names, and no cell of an exact
series may change that no label names. Sampled series are noisy, so nothing is said of them here
but that they exist.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import pairwise

from unladen.history.history import History
from unladen.history.series_history import SeriesHistory
from unladen.labels.labels import Effect, Kind, Label, LabelledChange, Labels, Range
from unladen.store.reasons import Params
from unladen.store.series import SeriesInfo, Status, cell_text


@dataclass(frozen=True)
class WrongValue:
    """The value of a wrong outcome."""

    value: float | int


Value = float | int | WrongValue | Status
"""A number, that of a wrong outcome, or ``Status.FAILED`` or ``Status.NOT_APPLICABLE``."""

CellKey = tuple[str, Params]
"""A series' name and one combination of its parameters, as asv writes them."""

DAMAGE = frozenset(
    {
        Effect.WORSE,
        Effect.GONE,
        Effect.BROKEN,
        Effect.NEW_AND_BROKEN,
        Effect.GOES_WRONG,
        Effect.NEW_AND_WRONG,
    }
)
GAIN = frozenset(
    {
        Effect.BETTER,
        Effect.NEW,
        Effect.WORKS,
        Effect.BROKEN_AND_GONE,
        Effect.RIGHT,
        Effect.WRONG_AND_GONE,
    }
)


@dataclass(frozen=True)
class CommitValues:
    """What was measured of one commit. A cell that is not there was not measured."""

    subject: str
    cells: Mapping[CellKey, Value]


def commit_values(history: History) -> list[CommitValues]:
    """The stored results of a history's commits. Cells that were not measured are left out."""
    commits: list[CommitValues] = []
    for index, commit in enumerate(history.commits):
        cells: dict[CellKey, Value] = {}
        for stored in history.series:
            for cell, params in enumerate(stored.series.cells):
                value = value_of(stored, index, cell)
                if value is not None:
                    cells[stored.series.name, params] = value
        commits.append(CommitValues(commit.subject, cells))
    return commits


def value_of(series: SeriesHistory, commit: int, cell: int) -> Value | None:
    """What is stored of a cell at a commit; None if it was not measured."""
    status, value = series.status(commit, cell), series.value(commit, cell)
    if value is None:
        return None if status is Status.MISSING else status
    return WrongValue(value) if status is Status.WRONG else value


def disagreements(
    labels: Labels,
    series: Mapping[str, SeriesInfo],
    history: Sequence[CommitValues],
    groups: Collection[str] | None = None,
) -> list[str]:
    """Where labels and values differ: one line each, [] if nowhere.

    ``series``: by name; ``history``: all commits, oldest first; ``groups``: compare only these
    groups of series (None: all). A cell is compared where both commits have it; an entry for
    an exact series of which nothing was measured is a disagreement.
    """
    lines = order_disagreements(labels, [commit.subject for commit in history])
    for label in labels.commits:
        lines += [_line(label, text) for text in _inconsistencies(label, series)]
    for before, after in pairwise(history):
        found = labels.of(after.subject)
        if found is not None:
            lines += _of_commit(found, series, before.cells, after.cells, groups)
    return lines


def order_disagreements(labels: Labels, subjects: Sequence[str]) -> list[str]:
    """Commits without a label, labels without a commit, labels in another order; one line each."""
    labelled = [label.subject for label in labels.commits]
    lines = [f"{subject!r}: has no label" for subject in subjects if subject not in labelled]
    lines += [f"{subject!r}: is no commit" for subject in labelled if subject not in subjects]
    lines += [
        f"{subject!r}: is there twice in the history"
        for subject in sorted(set(subjects))
        if subjects.count(subject) > 1
    ]
    if lines or labelled == list(subjects):
        return lines
    first = next(s for s, other in zip(labelled, subjects, strict=True) if s != other)
    return [f"{first!r}: is labelled in another place than it has in the history"]


def names(change: LabelledChange, params: Params) -> bool:
    """Whether an entry names this cell of its series."""
    text = cell_text(params)
    return not change.at or any(fnmatchcase(text, glob) for glob in change.at)


def effect_of(info: SeriesInfo, params: Params, before: Value, after: Value) -> Effect | None:
    """What happened to a cell of an exact series; None if nothing did."""
    match before, after:
        case Status(), Status():
            if before is after:
                return None
            is_new = before is Status.NOT_APPLICABLE
            return Effect.NEW_AND_BROKEN if is_new else Effect.BROKEN_AND_GONE
        case Status(), WrongValue():
            is_new = before is Status.NOT_APPLICABLE
            return Effect.NEW_AND_WRONG if is_new else Effect.WORKS_WRONG
        case Status(), _:
            return Effect.NEW if before is Status.NOT_APPLICABLE else Effect.WORKS
        case _, Status.FAILED:
            return Effect.BROKEN
        case _, Status():
            return Effect.WRONG_AND_GONE if isinstance(before, WrongValue) else Effect.GONE
        case WrongValue(), WrongValue():
            return effect_of(info, params, before.value, after.value)
        case _, WrongValue():
            return Effect.GOES_WRONG
        case WrongValue(), _:
            return Effect.RIGHT
        case int() | float(), int() | float():
            if not info.differ(before, after):
                return None
            return Effect.WORSE if info.is_worse(params, before, after) else Effect.BETTER
    raise TypeError(f"not values: {before!r}, {after!r}")


_WAY = (Effect.WORSE, Effect.BETTER)
"""The effects that compare two numbers."""

OPEN_FROM, OPEN_TO = 0.5, 1.5
"""Multiples of a series' tolerance between which a difference may be there or not."""


def is_open(info: SeriesInfo, before: Value, after: Value) -> bool:
    """Whether a difference is so near to the series' tolerance that the next measurement may find
    it on the other side. Never for a series that is exact to the digit."""
    one, other = number_of(before), number_of(after)
    if one is None or other is None or not info.tolerance:
        return False
    if isinstance(before, WrongValue) is not isinstance(after, WrongValue):
        return False
    limit = info.tolerance * max(abs(one), abs(other))
    return OPEN_FROM * limit <= abs(other - one) <= OPEN_TO * limit


def _inconsistencies(label: Label, series: Mapping[str, SeriesInfo]) -> Iterator[str]:
    """What cannot be true of a label, whatever is measured."""
    effects = {change.effect for change in label.changes}
    if label.kind is Kind.NEUTRAL and effects:
        yield "neutral, but changes are listed"
    if label.kind is Kind.REGRESSION and not effects & DAMAGE:
        yield "a regression, but nothing that it does is worse"
    if label.kind is Kind.IMPROVEMENT and not effects & GAIN:
        yield "an improvement, but nothing that it does is better"
    for change in label.changes:
        info = series.get(change.series)
        if info is None:
            yield f"{change.series}: there is no such series"
        elif info.is_exact and _lacks_size(change):
            yield f"{change.series}: {change.effect}, but neither before, after nor ratio is said"


def _lacks_size(change: LabelledChange) -> bool:
    stated = (change.before, change.after, change.ratio) != (None, None, None)
    return change.effect in _WAY and not stated


def _of_commit(
    label: Label,
    series: Mapping[str, SeriesInfo],
    before: Mapping[CellKey, Value],
    after: Mapping[CellKey, Value],
    groups: Collection[str] | None,
) -> Iterator[str]:
    compared: dict[str, list[Params]] = {
        name: []
        for name, info in series.items()
        if info.is_exact and (groups is None or info.group in groups)
    }
    for name, params in after:
        if name in compared and (name, params) in before:
            compared[name].append(params)
    for change in label.changes:
        if change.series in compared:
            for text in _names_nothing(change, compared[change.series]):
                yield _line(label, text)
    for name, cells in compared.items():
        entries = [change for change in label.changes if change.series == name]
        for params in cells:
            values = before[name, params], after[name, params]
            for text in _of_cell(entries, series[name], params, *values):
                yield _line(label, f"{name}({cell_text(params)}): {text}")


def _names_nothing(change: LabelledChange, cells: Sequence[Params]) -> Iterator[str]:
    if not cells:
        yield f"{change.series}: labelled {change.effect}, but nothing was measured"
        return
    texts = [cell_text(params) for params in cells]
    for glob in change.at:
        if not any(fnmatchcase(text, glob) for text in texts):
            yield f"{change.series}: no cell is called {glob!r}"


def _of_cell(
    entries: Sequence[LabelledChange], info: SeriesInfo, params: Params, before: Value, after: Value
) -> Iterator[str]:
    mine = [change for change in entries if names(change, params)]
    effect = effect_of(info, params, before, after)
    if not mine and effect is None:  # most of them
        return
    measured = f"measured {_shown(before)} -> {_shown(after)} ({effect or 'no change'})"
    if len(mine) > 1:
        yield f"{len(mine)} entries name this cell; {measured}"
    elif is_open(info, before, after) and not (mine and mine[0].effect not in _WAY):
        return
    elif not mine and effect is not None:
        yield f"not labelled; {measured}"
    elif mine and not _holds(mine[0], info, params, before, after):
        yield f"labelled {_said(mine[0])}; {measured}"


def _holds(
    change: LabelledChange, info: SeriesInfo, params: Params, before: Value, after: Value
) -> bool:
    if effect_of(info, params, before, after) is not change.effect:
        return False
    return all(
        stated is None or (value is not None and _within(stated, value, info.slack))
        for stated, value in (
            (change.before, number_of(before)),
            (change.after, number_of(after)),
            (change.ratio, ratio(before, after)),
        )
    )


def ratio(before: Value, after: Value) -> float | None:
    """after / before; None where there is none."""
    one, other = number_of(before), number_of(after)
    return None if one is None or other is None or one == 0 else other / one


def number_of(value: Value) -> float | int | None:
    """The number of an outcome, be it right or wrong; None where there is none."""
    if isinstance(value, Status):
        return None
    return value.value if isinstance(value, WrongValue) else value


def _within(stated: Range, value: float, slack: float) -> bool:
    low, high = stated.low - slack * abs(stated.low), stated.high + slack * abs(stated.high)
    return low <= value <= high


def _said(change: LabelledChange) -> str:
    quantities = (("before", change.before), ("after", change.after), ("ratio", change.ratio))
    stated = [f"{name} {value}" for name, value in quantities if value is not None]
    return ", ".join([change.effect, *stated])


def _shown(value: Value) -> str:
    number = number_of(value)
    if number is None:
        return value.value if isinstance(value, Status) else ""
    text = f"{int(number)}" if float(number).is_integer() else f"{number}"
    return f"{text} (wrong)" if isinstance(value, WrongValue) else text


def _line(label: Label, text: str) -> str:
    return f"{label.subject!r}: {text}"
