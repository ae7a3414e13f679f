"""Changes in one line each, as the portal, the summary and the badge tell them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from unladen.changes.by_commit import (
    STEPS_TIER,
    CommitChanges,
    DriftItem,
    HistoryChanges,
    Item,
    best_of_commits,
    drift_size,
    importance,
    size,
    tier,
)
from unladen.changes.lines import drift_line
from unladen.changes.model import Direction
from unladen.changes.standing import UNDONE_WORDS, Standing, is_told, standing, told, told_items
from unladen.changes.words import mark, reading_text, size_text
from unladen.repo.commits import Commit
from unladen.store.bounds import Count, Finite
from unladen.store.reasons import Params
from unladen.store.series import SeriesInfo, cell_text
from unladen.text.names import shown_name
from unladen.text.terminal import printable
from unladen.text.units import has_engineering_unit, quantity


@dataclass(frozen=True)
class ChangeHeadline:
    """A change in one line.

    ``cell``: the parameters of the cell whose values are told, ``cells`` the number of all that
    changed alike. ``name``, ``where``, ``before``, ``after``, ``size``, ``mark``: for people, as
    ``unladen changes`` prints them; ``unit``: of the values, "" if they say it. ``verdict``,
    ``state``: as in its JSON. ``there``: how many of ``of`` changes still stand: in the lists of
    regressions and improvements of all such changes of the commit, else of those of the line.
    ``undone_by``: the commit that fixed or lost all of them, None if one stands or they went at
    several commits. ``steps``: of a drift, 0 if it is none. ``tier``, ``magnitude``: how much it
    matters (``unladen.changes.by_commit``), a lower tier more, and within it a greater magnitude,
    None without a limit. ``accepted``: how many stand, but may; ``triage``: what somebody said of
    it, "" if nobody did. ``group``: of the series.
    """

    commit: str
    date: int
    subject: str
    series: str
    cell: Params
    cells: Count
    name: str
    where: str
    before: str
    after: str
    unit: str
    size: str
    mark: str
    verdict: str
    state: str
    there: Count
    of: Count
    undone_by: str | None
    steps: Count
    tier: Count = 0
    magnitude: Finite | None = None
    accepted: Count = 0
    triage: str = ""
    group: str = ""

    def __post_init__(self) -> None:
        """Raise ``ValueError`` for a verdict that is none."""
        Direction(self.verdict)

    @property
    def order(self) -> tuple[int, float]:
        """Sorts those of any targets, the one that matters most first."""
        return self.tier, -math.inf if self.magnitude is None else -self.magnitude

    @property
    def fate(self) -> str:
        """What has become of it: ``fixed``, ``lost``, ``12 of 57 still there``, ``still there``."""
        if self.there == self.of:
            return "still there"
        if self.there:
            return f"{self.there} of {self.of} still there"
        if self.accepted:
            return "accepted"
        return UNDONE_WORDS[Direction(self.verdict)]


def headlines(history_changes: HistoryChanges, direction: Direction) -> Iterator[ChangeHeadline]:
    """The most important item of each commit, and the drifts; each is made when it is asked for."""
    best = best_of_commits(
        history_changes.commits, lambda i: _is_worth_a_line(i, direction), _telling
    )
    yield from (headline(item, standing(told(commit, direction))) for commit, item in best)
    for item in history_changes.drifts:
        if item.drifts[0].direction is direction:
            yield drift_headline(item)


def standing_headlines(history_changes: HistoryChanges) -> list[ChangeHeadline]:
    """Of each commit whose regressions are not all undone the most important one that stands, and
    the drifts for worse that do; the most important first."""
    standing_items = [
        (commit, item)
        for commit in history_changes.commits
        for item in told_items(commit, Direction.REGRESSION)
        if standing(item.changes).there
    ]
    best: dict[str, tuple[CommitChanges, Item]] = {}
    for commit, item in standing_items:
        left = Item([one for one in item.changes if one.is_open])
        _, known = best.get(commit.commit.hash, (commit, left))
        best[commit.commit.hash] = commit, min(known, left, key=_telling)
    chosen = [
        headline(item, standing(told(commit, Direction.REGRESSION)))
        for commit, item in best.values()
    ]
    drifts = [
        drift_headline(item)
        for item in history_changes.drifts
        if item.drifts[0].direction is Direction.REGRESSION and standing(item.drifts).there
    ]
    return sorted([*chosen, *drifts], key=lambda line: line.order)


def _telling(item: Item) -> tuple[Any, ...]:
    """Sorts items of a commit, the one that tells most first: of equally important ones, those of
    exact series, then those of many series."""
    is_minor, tier, size, is_good, name = importance(item)
    is_exact = item.biggest.series.is_exact
    return is_minor, tier, size, not is_exact, -len(item.series), is_good, name


def _is_worth_a_line(item: Item, direction: Direction) -> bool:
    is_step = all(change.drift is not None for change in item.changes)
    return is_told(item, direction) and not is_step


def headline(item: Item, remains: Standing | None = None) -> ChangeHeadline:
    """An item in one line. Of several series of a class, the first is named. ``remains``: of its
    commit's changes, if the line stands for all of them."""
    remains = remains or standing(item.changes)
    change = item.biggest
    series = change.series
    names = len(item.series)
    name = shown_name(series.name)
    if names > 1:
        name = f"{printable(series.name.rpartition('.')[0])}: {names} series"
    cells = list(dict.fromkeys(one.cell for one in item.changes))
    # A failure has no size; neither has what appears.
    is_number = change.before.status.has_value and change.after.status.has_value
    values = (change.before.value, change.after.value)
    return ChangeHeadline(
        **commit_fields(change.commit),
        series=series.name,
        cell=change.cell,
        cells=len(cells),
        name=name,
        where=_where(change.cell, len(cells)),
        before=reading_text(change.before, _short(series)),
        after=reading_text(change.after, _short(series)),
        unit=_unit(series) if is_number else "",
        size=size_text(series, *values, change.ratio) if is_number else "",
        mark=mark(change),
        verdict=change.direction.value,
        state=change.state.value,
        **_fate(remains),
        steps=0,
        **_weight(tier(change), size(change)),
        triage=change.triage.text if change.triage else "",
        group=printable(series.group),
    )


def drift_headline(item: DriftItem) -> ChangeHeadline:
    """A drift in one line."""
    drift = item.drifts[0]
    series = drift.series
    before, after = (quantity(v, series.unit, "sampled") for v in (drift.before, drift.after))
    line = drift_line(item)
    return ChangeHeadline(
        **commit_fields(drift.commits[-1]),
        series=series.name,
        cell=drift.cell,
        cells=len(item.drifts),
        name=line.name,
        where=_where(drift.cell, len(item.drifts)),
        before=before,
        after=after,
        unit=_unit(series),
        size=line.size,
        mark=line.mark,
        verdict=drift.direction.value,
        state="certain",
        **_fate(standing(item.drifts)),
        steps=len(drift.commits),
        **_weight(STEPS_TIER, drift_size(drift)),
        group=printable(series.group),
    )


def _fate(remains: Standing) -> dict[str, Any]:
    by = remains.undone_by
    return {
        "there": remains.there,
        "of": remains.of,
        "undone_by": by.hash if by else None,
        "accepted": remains.accepted,
    }


def _weight(tier: int, size: float) -> dict[str, Any]:
    return {"tier": tier, "magnitude": size if math.isfinite(size) else None}


def commit_fields(commit: Commit) -> dict[str, Any]:
    """A commit as the fields of what tells of it."""
    return {"commit": commit.hash, "date": commit.date, "subject": commit.subject}


def _where(cell: Params, cells: int) -> str:
    text = cell_text(cell)
    return f"{text} +{cells - 1}" if text and cells > 1 else text


def _unit(series: SeriesInfo) -> str:
    return "" if has_engineering_unit(series.unit) or series.codes else printable(series.unit)


def _short(series: SeriesInfo) -> SeriesInfo:
    """The series with values in few digits."""
    return replace(series, kind="sampled")
