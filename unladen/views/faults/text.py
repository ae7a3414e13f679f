"""The faults of one commit as text of at most 120 columns, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from unladen.text.dates import day
from unladen.text.names import shown_name
from unladen.text.terminal import fitted, width
from unladen.text.units import word
from unladen.views.faults.model import Fault, Faults

VERSION = 1
WIDTH = 120
NOTE_LINES = 6
"""Of each note."""

_GAP = "  "
_SIGNS = {True: " ", False: "!", None: " "}
_HEAD = ("fault", "actual", "since", "expected")
_NAME, _ACTUAL = 44, 24


def render(found: Faults, only_unexpected: bool = False) -> str:
    """A table by place, one line for each fault; what is not as expected is marked with ``!`` and
    has its note below."""
    lines = [
        fitted(heading(found), WIDTH),
        f"{shown_name(found.series.name)}: {found.told()}",
    ]
    shown = [one for one in found.faults if not only_unexpected or one.is_expected is False]
    names = max([width(_HEAD[0]), *(min(width(_short(one)), _NAME) for one in shown)])
    actual = max([width(_HEAD[1]), *(min(width(one.actual), _ACTUAL) for one in shown)])
    columns = (names, actual, 8)
    lines += ["", _line(" ", _HEAD, columns)] if shown else []
    place = None
    for one in shown:
        if one.place != place:
            place = one.place
            lines.append(fitted(place, WIDTH))
        expected = " or ".join(one.expected)
        texts = (_short(one), one.actual, one.since.short, expected)
        lines.append(_line(_SIGNS[one.is_expected], texts, columns))
        if one.is_expected is False or one.reading.value is None:
            lines += [fitted(f"      {line}", WIDTH) for line in one.note.splitlines()[:NOTE_LINES]]
    return "\n".join(lines)


def heading(found: Faults) -> str:
    """What is shown, and on what it was measured."""
    history, commit = found.history, found.commit
    where = f"on {history.machine}, {history.environment}"
    return f"{history.target} at {commit.short} of {day(commit.date)}, {where}"


def as_json(found: Faults) -> dict[str, Any]:
    """One object; ``faults`` in the order of the series. ``value`` and ``word`` are null unless
    ``status`` is ``measured``, ``word`` also for what is no code; ``as_expected`` is null where
    there is no value, or none is expected."""
    return {
        "version": VERSION,
        "target": found.history.target,
        "machine": found.history.machine,
        "environment": found.history.environment,
        "commit": found.commit.hash,
        "date": found.commit.date,
        "series": found.series.name,
        "codes": list(found.series.codes),
        "faults": [
            {
                "fault": one.name,
                "params": dict(zip(found.series.axes, one.params, strict=True)),
                "place": one.place,
                "about": found.series.about.get(one.name, ""),
                "expected": list(one.expected),
                "status": one.reading.status.value,
                "value": one.reading.value,
                "word": word(one.reading.value, found.series.codes),
                "as_expected": one.is_expected,
                "since": one.since.hash,
                "note": one.note,
            }
            for one in found.faults
        ],
        "remarks": list(found.history.remarks),
    }


def _short(fault: Fault) -> str:
    """Its name without the place, under whose name it is listed."""
    return fault.name.removeprefix(f"{fault.place}:").strip()


def _line(sign: str, texts: Sequence[str], columns: Sequence[int]) -> str:
    *first, last = texts
    padded = [_padded(text, room) for text, room in zip(first, columns, strict=True)]
    return fitted(_GAP.join([f"{sign} {padded[0]}", *padded[1:], last]).rstrip(), WIDTH)


def _padded(text: str, columns: int) -> str:
    text = fitted(text, columns)
    return text + " " * (columns - width(text))
