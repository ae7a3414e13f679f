"""Changes in one line each, of at most 100 columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from unladen.changes.by_commit import DriftItem, Item
from unladen.changes.model import Change, ChangeKind, Direction, State
from unladen.changes.outcomes import beginning
from unladen.changes.standing import standing
from unladen.changes.words import mark, reading_text, size_text
from unladen.history.series_history import BAD
from unladen.store.readings import Reading
from unladen.store.reasons import Params
from unladen.store.series import SeriesInfo, Status, cell_text
from unladen.text.names import shown_name
from unladen.text.terminal import first_of, fitted, printable, width
from unladen.text.units import quantity

WIDTH = 100
MARGIN = "  "
_CELLS_MINIMUM = 8
_CASES_MINIMUM = 32
_MARK = 8
_SAID = 48


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


def aligned(lines: Sequence[TextLine]) -> list[str]:
    """The lines, column below column but for sentences, cut to ``WIDTH``."""
    columns = iter(_columns([line for line in lines if not line.is_sentence]))
    return [_sentence(line) if line.is_sentence else next(columns) for line in lines]


def _sentence(line: TextLine) -> str:
    head = f"{MARGIN}{line.mark:<{_MARK}}{line.name} "
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
    fixed = len(MARGIN) + _MARK + 2 + values + 2 + sizes + (2 + notes if notes else 0)
    names = min(names, max(WIDTH - fixed - _CELLS_MINIMUM - 2, 12))
    room = max(WIDTH - fixed - names - 2, 0)
    cells = [first_of(line.cells, room) for line in lines]
    room = max(map(width, cells))
    texts = [
        f"{MARGIN}{line.mark:<{_MARK}}{padded(line.name, names)}  {padded(cell, room)}  "
        f"{line.values:<{values}}  {line.size:>{sizes}}  {line.note:<{notes}}  {line.reason}"
        for line, cell in zip(lines, cells, strict=True)
    ]
    return [fitted(text.rstrip(), WIDTH) for text in texts]


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
    parts = [_fate(item)]
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


def _fate(item: Item) -> str:
    """What became of it, and what somebody said of it."""
    words = standing(item.changes).words(item.biggest.direction)
    said = item.biggest.triage
    if said is None:
        return words
    text = fitted(said.text, _SAID)
    return text if words in ("", said.said.value) else f"{words}, {text}"


def _suspicion(item: Item) -> str:
    """Where it is suspected; if that is certain, what of it was undone."""
    change = item.biggest
    if change.first_suspect is not (change.last_suspect or change.commit):
        return f"suspected in {_reach(change)}"
    return ", ".join(filter(None, ["suspected", _fate(item)]))


def _reach(change: Change) -> str:
    """The first and the last commit that may have to do with it."""
    return f"{change.first_suspect.short}..{(change.last_suspect or change.commit).short}"


def _change_size(change: Change) -> str:
    """The size of a change, for a sampled series with how far readings lie from their level."""
    size = size_text(change.series, change.before.value, change.after.value, change.ratio)
    spread = change.evidence.spread if change.evidence else None
    return size if spread is None else f"{size} ±{spread * 100:.2g}"


def padded(text: str, columns: int) -> str:
    """The text in so many columns, cut off or filled up."""
    text = fitted(text, columns)
    return text + " " * (columns - width(text))
