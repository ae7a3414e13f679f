"""How each target is now: the first lines of the portal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from unladen.site import spark
from unladen.site.badge import BadgeText, badge_text
from unladen.site.comparison import (
    Entry,
    FigureHead,
    TargetColumn,
    figure_text,
    held_against,
)
from unladen.site.costs import CostHistory
from unladen.site.links import faults_page
from unladen.store.presentation import PortalRow
from unladen.text.counts import count_text


@dataclass(frozen=True)
class NowCost:
    """What a target's work costs in one capability. ``entry``: at the newest commit; ``path``: the
    small plot over ``commits`` measured ones, "" without values; ``told``: what it shows, in
    words; ``trend``: from the first value to the last."""

    capability: str
    label: str
    entry: Entry
    path: str
    told: str
    trend: str

    @property
    def sorted_by(self) -> float | None:
        """In floors, or else in its own unit."""
        return self.entry.value if self.entry.ratio is None else self.entry.ratio


@dataclass(frozen=True)
class NowRow:
    """A target now. ``hangs``: how many of ``faults`` hang, both 0 where none was measured;
    ``unexpected``: how many end as nobody expects; ``faults_href``: its page of these."""

    column: TargetColumn
    verdict: BadgeText
    hangs: int
    unexpected: int
    faults: int
    faults_href: str
    costs: Sequence[NowCost]

    @property
    def order(self) -> tuple[bool, bool, str]:
        """Sorts rows: what the newest commit broke first, then what it made worse."""
        counts = self.column.summary.counts
        return not counts.broken, not counts.regressions, self.column.summary.target


def now_rows(columns: Sequence[TargetColumn], floor: TargetColumn | None) -> list[NowRow]:
    """A row for each target, the worst verdict first."""
    return sorted((_row(column, floor) for column in columns), key=lambda row: row.order)


def _row(column: TargetColumn, floor: TargetColumn | None) -> NowRow:
    summary = column.summary
    hanging = [one for one in summary.faults if one.hangs]
    shown = hanging or [one for one in summary.faults if one.unexpected] or summary.faults
    href = faults_page(shown[0].series, "hang" if hanging else "") if shown else ""
    return NowRow(
        column,
        badge_text(summary.counts, summary.measured),
        sum(one.hangs for one in summary.faults),
        sum(one.unexpected for one in summary.faults),
        sum(one.measured for one in summary.faults),
        column.href + href if href else "",
        [_cost(cost, column, floor) for cost in summary.costs],
    )


def _cost(cost: CostHistory, column: TargetColumn, floor: TargetColumn | None) -> NowCost:
    row = next(
        one.row
        for one in column.summary.figures
        if (one.series, one.row.label) == (cost.series, cost.label)
    )
    entry = held_against(FigureHead(row, cost.series), column, floor).entry()
    path = spark.steps(cost.points, cost.commits) if cost.commits > 1 else ""
    return NowCost(cost.capability, cost.label, entry, path, _told(cost, row), _trend(cost))


def _told(cost: CostHistory, row: PortalRow) -> str:
    known = cost.known
    if not known:
        return f"{cost.label}: no value"
    first, last, low, high = (
        figure_text(row, value) for value in (known[0], known[-1], min(known), max(known))
    )
    if cost.commits == 1:
        return f"{cost.label}: {last}"
    return f"{cost.label} {_over(cost)}: first {first}, last {last}, between {low} and {high}"


def _trend(cost: CostHistory) -> str:
    """``+97 % over 126 commits``."""
    known = cost.known
    if not known:
        return ""
    first, last = known[0], known[-1]
    if cost.commits == 1:
        return "one commit measured"
    if first <= 0 or first == last:
        return f"{'the same' if first == last else ''} {_over(cost)}".strip()
    times = last / first
    percent = f"{(times - 1) * 100:+.3g} %".replace("-", "−")
    return f"{f'× {times:.3g}' if times >= 2 else percent} {_over(cost)}"


def _over(cost: CostHistory) -> str:
    return f"over {count_text(cost.commits, 'commit')}"
