"""What a series is, as plain objects ready for JSON."""

from __future__ import annotations

from typing import Any

from unladen.changes.outcomes import verb
from unladen.store.series import SeriesInfo, cell_text, plain
from unladen.text.former_names import former_names
from unladen.text.names import shown_name, spellings
from unladen.text.terminal import printable


def series_entry(series: SeriesInfo) -> dict[str, Any]:
    """What ``data/site.js`` says of one series."""
    return {
        "name": printable(series.name),
        "shown": shown_name(series.name),
        "spellings": [printable(one) for one in spellings(series.name)],
        "former": [printable(one) for one in _former_spellings(series.name)],
        "unit": printable(series.unit),
        "kind": printable(series.kind),
        "group": printable(series.group),
        "higher": int(series.higher_is_better),
        "tolerance": series.tolerance,
        "codes": list(series.codes),
        "verbs": [verb(code) for code in series.codes] if series.expected else [],
        "expected": [_expected(series, cell) for cell in series.cells] if series.expected else [],
        "axes": [
            [printable(axis), [plain(point) for point in points]]
            for axis, points in series.axes.items()
        ],
        "roles": [series.roles.get(axis, "") for axis in series.axes],
        "written": [[printable(point) for point in points] for points in series.axes.values()],
    }


def _former_spellings(name: str) -> list[str]:
    """All that a series was called before it was renamed: the old names, and what was short for
    them and is not short for anything now."""
    found = []
    for old in former_names(name):
        whole = (old, shown_name(old))
        found += [one for one in spellings(old) if one in whole or one not in spellings(name)]
    return found


def _expected(series: SeriesInfo, cell: tuple[str, ...]) -> list[int] | None:
    """The codes that are expected of a cell; None where it does not say."""
    words = series.expected.get(cell_text(cell))
    return None if words is None else [series.codes.index(word) for word in words]
