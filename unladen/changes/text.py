"""Changes as text of at most 100 columns, for a terminal or a log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from unladen.changes.by_commit import CommitChanges, DriftItem, HistoryChanges, Item
from unladen.changes.cell import BAD
from unladen.changes.model import IS_NONE, Change, ChangeKind, Direction, State
from unladen.changes.outcomes import beginning
from unladen.changes.standing import count_commits, standing
from unladen.detection import MINIMUM_READINGS
from unladen.store.readings import Reading
from unladen.store.reasons import Params
from unladen.store.series import SeriesInfo, Status, cell_text
from unladen.text.dates import day
from unladen.text.names import shown_name
from unladen.text.terminal import first_of, fitted, printable, width
from unladen.text.units import quantity

WIDTH = 100
_MARGIN = "  "
_CELLS_MINIMUM = 8
_CASES_MINIMUM = 32
_MARK = 8

MARKS = {
    ChangeKind.BROKE: "BROKE",
    ChangeKind.WRONG: "WRONG",
    ChangeKind.WORKS: "works",
    ChangeKind.RIGHT: "right",
    ChangeKind.APPEARS: "new",
    ChangeKind.DISAPPEARS: "gone",
}
"""How a line begins, of changes that are not from right number to right number."""

_MARKS_IN_ORDER = (
    "BROKE", "WRONG", "works", "right", "WORSE", "better", "new", "gone",
    "host", "drift", "cleared",
)  # fmt: skip


@dataclass(frozen=True)
class TextLine:
    """One line: ``cells`` in order, as many of them are named as there is room for; ``reason``,
    at the end, may be cut off. ``is_sentence``: ``name``, ``cells`` and ``values`` are one."""

    mark: str
    name: str
    cells: Sequence[str]
    values: str
    size: str
    note: str
    reason: str = ""
    is_sentence: bool = False


def render(history_changes: HistoryChanges, limit: int | None, every_cell: bool = False) -> str:
    """The whole report. ``limit``: lines for each commit, None for all; ``every_cell``: a line
    for each cell, minor ones included."""
    blocks = [_drifts(history_changes.drifts, limit)] if history_changes.drifts else []
    blocks += [_commit(commit, limit, every_cell) for commit in history_changes.commits]
    return "\n".join(["\n\n".join([_head(history_changes), *blocks]), "", _foot(history_changes)])


def item_line(item: Item) -> TextLine:
    """The line of an item."""
    change = item.biggest
    cells = list(dict.fromkeys(one.cell for one in item.changes))
    if change.kind is ChangeKind.VALUE:
        return _change_line(item, cells)
    name = shown_name(change.series.name)
    if len(item.series) > 1:
        name = f"{change.series.name.rpartition('.')[0]}: {len(item.series)} series"
        texts = [*map(cell_text, cells)]
        return TextLine(mark(change), name, texts, "", "", _note(item), _reason(change))
    return _change_line(item, cells)


def aligned(lines: Sequence[TextLine]) -> list[str]:
    """The lines, column below column but for sentences, cut to ``WIDTH``."""
    columns = iter(_columns([line for line in lines if not line.is_sentence]))
    return [_sentence(line) if line.is_sentence else next(columns) for line in lines]


def _sentence(line: TextLine) -> str:
    head = f"{_MARGIN}{line.mark:<{_MARK}}{line.name} "
    tail = f" ({line.values})  {line.note}".rstrip()
    room = max(WIDTH - width(head) - width(tail), _CASES_MINIMUM)
    return fitted(head + first_of([f"'{cell}'" for cell in line.cells], room) + tail, WIDTH)


def _columns(lines: Sequence[TextLine]) -> list[str]:
    if not lines:
        return []
    names = max(width(line.name) for line in lines)
    values = max(width(line.values) for line in lines)
    sizes = max(width(line.size) for line in lines)
    notes = max(width(line.note) for line in lines)
    fixed = len(_MARGIN) + _MARK + 2 + values + 2 + sizes + (2 + notes if notes else 0)
    names = min(names, max(WIDTH - fixed - _CELLS_MINIMUM - 2, 12))
    room = max(WIDTH - fixed - names - 2, 0)
    cells = [first_of(line.cells, room) for line in lines]
    room = max(map(width, cells))
    texts = [
        f"{_MARGIN}{line.mark:<{_MARK}}{_padded(line.name, names)}  {_padded(cell, room)}  "
        f"{line.values:<{values}}  {line.size:>{sizes}}  {line.note:<{notes}}  {line.reason}"
        for line, cell in zip(lines, cells, strict=True)
    ]
    return [fitted(text.rstrip(), WIDTH) for text in texts]


def mark(change: Change) -> str:
    """A word for the kind and direction of a change; of what is no change after all, for that."""
    if change.state in IS_NONE:
        return change.state.value
    worse = "WORSE" if change.direction is Direction.REGRESSION else "better"
    return MARKS.get(change.kind, worse)


def reading_text(reading: Reading, series: SeriesInfo) -> str:
    """A reading for people: the quantity, that of a wrong outcome marked; ``FAILED`` or ``n/a``."""
    if reading.value is not None:
        text = quantity(reading.value, series.unit, series.kind, series.codes)
        return f"{text} (wrong)" if reading.status is Status.WRONG else text
    return "FAILED" if reading.status is Status.FAILED else reading.status.value


def size_text(
    series: SeriesInfo, before: float | None, after: float | None, ratio: float | None
) -> str:
    """How much it is: ``+12 %``, ``x3.4``; of a growth exponent the difference; "" if unknown or
    nothing, and of codes."""
    if before is None or after is None or before == after or series.codes:
        return ""
    if series.group == "growth":
        return f"{after - before:+.2f}"
    if ratio is None:
        return ""
    if ratio >= 2:
        return f"x{ratio:.3g}"
    percent = (ratio - 1) * 100
    return f"{percent:+.0f} %" if abs(percent) >= 9.95 else f"{percent:+.2g} %"


def _head(history_changes: HistoryChanges) -> str:
    history = history_changes.history
    measured = sum(history.measured)
    branch = f"branch {history.branch}, " if history.branch else ""
    return (
        f"{history.target}: what changed over {measured} measured commits, newest first"
        f"\n({branch}on {history.machine}, {history.environment}; numbers are those of a line's "
        "first cell)"
    )


def _foot(history_changes: HistoryChanges) -> str:
    lines = [
        f"{title}: {found.words()}."
        for title, direction in (
            ("Regressions", Direction.REGRESSION),
            ("Improvements", Direction.IMPROVEMENT),
        )
        if (found := count_commits(history_changes, direction)).commits
    ]
    return "\n".join([*lines, said_last(history_changes)])


def said_last(history_changes: HistoryChanges) -> str:
    """What is not told of single commits."""
    history = history_changes.history
    parts = [f"{history_changes.quiet} measured {_commits(history_changes.quiet)} changed nothing."]
    unmeasured = len(history.commits) - sum(history.measured)
    if unmeasured:
        was = "was" if unmeasured == 1 else "were"
        parts.append(f"{unmeasured} {_commits(unmeasured)} {was} not measured.")
    has_sampled = any(series.series.kind == "sampled" for series in history.series)
    if has_sampled and sum(history.measured) < MINIMUM_READINGS:
        parts.append(f"Sampled series are judged from {MINIMUM_READINGS} commits on.")
    changes = [change for commit in history_changes.commits for change in commit.changes]
    if any(change.state is State.SUSPECTED for change in changes):
        parts.append("unladen confirm measures suspects again.")
    drifts = sum(change.state is State.DRIFT for change in changes)
    if drifts:
        values = "value drifts" if drifts == 1 else "values drift"
        parts.append(f"{drifts} {values} without a step: --all tells which.")
    by_driver = [change for change in changes if change.state is State.DRIVER]
    if by_driver:
        at = list(dict.fromkeys(change.commit.short for change in by_driver))
        more = f" and {len(at) - 1} more" if len(at) > 1 else ""
        parts.append(
            f"The driver changed at {at[0]}{more}: what differs there is not compared until the "
            "commit before is measured again."
        )
    return " ".join(parts)


def _commits(number: int) -> str:
    return "commit" if number == 1 else "commits"


def _commit(found: CommitChanges, limit: int | None, every_cell: bool) -> str:
    counted = counts(found.changes)
    if found.is_minor and not every_cell:
        counted += ", all minor"
    head = f"{found.commit.short} {day(found.commit.date)} "
    room = WIDTH - width(head) - 2 - width(counted)
    subject = fitted(found.commit.subject, room)
    lines = [head + _padded(subject, room) + "  " + counted]
    if every_cell:
        chosen = [Item([change]) for item in found.items for change in item.changes]
        return "\n".join(lines + aligned([item_line(item) for item in chosen]))
    shown = [item for item in found.items if not item.is_minor][:limit]
    lines += aligned([item_line(item) for item in shown])
    left = found.items[len(shown) :]
    if left and not found.is_minor:
        minor = sum(item.is_minor for item in left)
        more = f"and {len(left)} more" + (f", {minor} of them minor" if minor else "")
        lines.append(f"{_MARGIN}{more}")
    return "\n".join(lines)


def _drifts(items: Sequence[DriftItem], limit: int | None) -> str:
    shown = items[:limit]
    lines = aligned([drift_line(item) for item in shown])
    if len(items) > len(shown):
        lines.append(f"{_MARGIN}and {len(items) - len(shown)} more")
    return "\n".join(
        [
            "Slow drifts, each of some small steps the same way, with the first and last commit:",
            *lines,
        ]
    )


def drift_line(item: DriftItem) -> TextLine:
    """The line of drifts that took the same steps."""
    drift = item.drifts[0]
    series = drift.series
    first, last = drift.commits[0], drift.commits[-1]
    undone = standing(item.drifts).words(drift.direction)
    return TextLine(
        "WORSE" if drift.direction is Direction.REGRESSION else "better",
        shown_name(series.name),
        [cell_text(one.cell) for one in item.drifts],
        _values(series, drift.before, drift.after),
        size_text(series, drift.before, drift.after, drift.ratio),
        ", ".join(filter(None, [f"{first.short}..{last.short}", undone])),
    )


def _change_line(item: Item, cells: Iterable[Params]) -> TextLine:
    change = item.biggest
    before = reading_text(change.before, change.series)
    after = reading_text(change.after, change.series)
    begun = beginning(change.series, change.before.value, change.after.value)
    return TextLine(
        mark(change),
        begun or shown_name(change.series.name),
        [*map(cell_text, cells)],
        f"was {before}" if begun else f"{before} -> {after}",
        _change_size(change),
        _note(item),
        _reason(change),
        is_sentence=bool(begun),
    )


def _reason(change: Change) -> str:
    return printable(change.after.reason) if change.after.status in BAD else ""


def _values(series: SeriesInfo, before: float, after: float) -> str:
    return " -> ".join(quantity(value, series.unit, series.kind) for value in (before, after))


def _note(item: Item) -> str:
    change = item.biggest
    if change.evidence is not None and change.state is State.SUSPECTED:
        return _suspicion(item)
    if change.state is State.DRIFT:
        return _reach(change)
    parts = [standing(item.changes).words(change.direction)]
    if change.state is State.CONFIRMED:
        parts.insert(0, change.state.value)
    if change.drift is not None:
        parts.append("drift")
    if change.first_suspect is not change.commit:
        parts.append(f"or since {change.first_suspect.short}")
    last, now = change.value_before_failure, change.after.value
    if not change.series.is_exact:  # no two of its values are equal
        last = None
    if last is not None and now is not None and change.series.differ(last, now):
        parts.append(f"was {reading_text(Reading(Status.MEASURED, last), change.series)}")
    return ", ".join(filter(None, parts))


def _suspicion(item: Item) -> str:
    """Where it is suspected; if that is certain, what of it was undone."""
    change = item.biggest
    if change.first_suspect is not (change.last_suspect or change.commit):
        return f"suspected in {_reach(change)}"
    return ", ".join(filter(None, ["suspected", standing(item.changes).words(change.direction)]))


def _reach(change: Change) -> str:
    """The first and the last commit that may have to do with it."""
    return f"{change.first_suspect.short}..{(change.last_suspect or change.commit).short}"


def _change_size(change: Change) -> str:
    """The size of a change, for a sampled series with how far readings lie from their level."""
    size = size_text(change.series, change.before.value, change.after.value, change.ratio)
    spread = change.evidence.spread if change.evidence else None
    return size if spread is None else f"{size} ±{spread * 100:.2g}"


def counts(changes: Sequence[Change]) -> str:
    """``2 WORSE, 1 better``: how many changes there are of each kind."""
    marks = Counter(mark(change) for change in changes)
    return ", ".join(f"{marks[word]} {word}" for word in _MARKS_IN_ORDER if marks[word])


def _padded(text: str, columns: int) -> str:
    text = fitted(text, columns)
    return text + " " * (columns - width(text))
