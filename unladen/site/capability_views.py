"""The pages of capabilities as data for their script: with the series and cells of one history.

Which are meant is settled here, so that the script knows numbers of series and cells only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from unladen.history.series_history import CODES, NOTHING, SeriesHistory, is_one_of
from unladen.site.capability_page import (
    ByOutcome,
    ByParameter,
    CapabilityPage,
    OverCommits,
    OverNumbers,
    PageSection,
    Panel,
    Points,
    capability_pages,
)
from unladen.store.series import Status, plain

PanelData = dict[str, Any]
"""A panel as ``unladen/site/types/data.d.ts`` has it."""


def capability_views(histories: Sequence[SeriesHistory]) -> Mapping[str, list[dict[str, Any]]]:
    """The sections of each capability's page, by the capability's name: those for which something
    was measured. A capability of which nothing was has none."""
    resolver = _Resolver(histories)
    found = {name: resolver.sections(page) for name, page in capability_pages().items()}
    return {name: sections for name, sections in found.items() if sections}


class _Resolver:
    def __init__(self, histories: Sequence[SeriesHistory]) -> None:
        self._known = {
            one.series.name: (number, one)
            for number, one in enumerate(histories)
            if one.is_applicable
        }

    def sections(self, page: CapabilityPage) -> list[dict[str, Any]]:
        return [found for section in page.sections if (found := self._section(section))]

    def _section(self, section: PageSection) -> dict[str, Any] | None:
        panels = [found for panel in section.panels if (found := self._panel(panel))]
        if not panels:
            return None
        return {"title": section.title, "text": section.text, "panels": panels}

    def _panel(self, panel: Panel) -> PanelData | None:
        match panel:
            case OverCommits():
                return self._over_commits(panel)
            case OverNumbers():
                return self._over_numbers(panel)
            case ByParameter():
                return self._by_parameter(panel)
        return self._by_outcome(panel)

    def _over_commits(self, panel: OverCommits) -> PanelData | None:
        number, one = self._known.get(panel.series, (0, None))
        if one is None:
            return None
        cells = [cell for cell in _cells(one, panel.only) if _is_known(one, cell)]
        if not _is_any(one, cells):
            return None
        return {"kind": "commits", "title": panel.title, "series": number, "cells": cells}

    def _over_numbers(self, panel: OverNumbers) -> PanelData | None:
        number, one = self._known.get(panel.series, (0, None))
        if one is None:
            return None
        pairs = [(p, c) for p, c in _by_point(one, panel.axis, panel.only) if _is_known(one, c)]
        if not _is_any(one, [cell for _, cell in pairs]):
            return None
        return {
            "kind": "numbers",
            "title": panel.title,
            "series": number,
            "what": panel.axis,
            "points": [float(point) for point, _ in pairs],
            "cells": [cell for _, cell in pairs],
        }

    def _by_parameter(self, panel: ByParameter) -> PanelData | None:
        found = [(label, *self._known[name]) for label, name in panel.rows if name in self._known]
        by_point = [dict(_by_point(one, panel.axis, panel.only)) for _, _, one in found]
        points = [
            point
            for point in dict.fromkeys(point for row in by_point for point in row)
            if any(
                point in row and _is_known(one, row[point])
                for row, (_, _, one) in zip(by_point, found, strict=True)
            )
        ]
        rows = [
            {"label": label, "series": number, "cells": [row.get(point) for point in points]}
            for (label, number, one), row in zip(found, by_point, strict=True)
            if any(_is_known(one, cell) for cell in row.values())
        ]
        shown = {"kind": "table", "title": panel.title, "points": points, "rows": rows}
        return shown if rows else None

    def _by_outcome(self, panel: ByOutcome) -> PanelData | None:
        number, one = self._known.get(panel.series, (0, None))
        if one is None:
            return None
        beside = [
            {"label": label, "series": self._known[name][0]}
            for label, name in panel.beside
            if name in self._known and self._known[name][1].series.cells == one.series.cells
        ]
        cells = [cell for cell in range(len(one.series.cells)) if _is_known(one, cell)]
        return {
            "kind": "outcomes",
            "title": panel.title,
            "series": number,
            "cells": cells,
            "beside": beside,
        }


def _is_known(one: SeriesHistory, cell: int) -> bool:
    """Whether anything was measured, or failed, at any commit."""
    return not bool(is_one_of(one.statuses[:, cell], NOTHING).all())


def _is_any(one: SeriesHistory, cells: Sequence[int]) -> bool:
    """Whether cells ever had another value than 0, or failed: a plot of nothing says nothing."""
    failed = one.statuses[:, cells] == CODES[Status.FAILED]
    return bool(failed.any()) or bool((np.nan_to_num(one.values[:, cells]) != 0).any())


def _cells(one: SeriesHistory, only: Points) -> Iterator[int]:
    """The cells whose parameters are these."""
    for cell, params in enumerate(one.series.cells):
        points = dict(zip(one.series.axes, map(plain, params), strict=True))
        if all(points.get(axis) == point for axis, point in only.items()):
            yield cell


def _by_point(one: SeriesHistory, axis: str, only: Points) -> Iterator[tuple[str, int]]:
    """Each value of a parameter with the cell that has it and those others; the first of several.
    Nothing where the series has no such parameter."""
    axes = [*one.series.axes]
    if axis not in axes:
        return
    seen = set()
    for cell in _cells(one, only):
        point = plain(one.series.cells[cell][axes.index(axis)])
        if point not in seen:
            seen.add(point)
            yield point, cell
