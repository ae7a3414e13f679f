"""How a series asks to be shown: as a headline of the history, and as a row of the portal.

These are attributes of the series (``benchmarks.core.presentation``), so that no list of names has
to know them. They are read from files that may come from anybody: types and lengths are checked.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from msgspec import Meta

from unladen.store.bounds import set_fields
from unladen.text.terminal import printable

NAMES_LIMIT = 100
"""Names of what is held fixed, or of roles, that are believed."""

Names = Annotated[Mapping[str, str], Meta(max_length=NAMES_LIMIT)]
"""Texts by name."""


@dataclass(frozen=True)
class Headline:
    """``of``: what is done, such as ``a plain run``; ``label``: what the figure is; ``cell``: the
    values of its parameters, as people read them, by their names; ``rank``: its place."""

    of: str
    label: str
    cell: Names
    rank: int

    def __post_init__(self) -> None:
        """Make its texts printable."""
        set_fields(self, of=printable(self.of), label=printable(self.label))
        set_fields(self, cell=_printable(self.cell))


@dataclass(frozen=True)
class PortalRow:
    """A figure that targets are held against each other by: a cell of a series, perhaps divided by
    ``per`` or, after that, ``inverted``.

    ``rank``: its place among the rows. ``work``: what is done, in the words of the portal;
    ``cell``: as a headline's. ``unit``: of the figure. ``in_floors``:
    whether it is told as a multiple of the floor's. ``needs_same``: what must be the same for a
    comparison: ``""`` (nothing), ``python`` (its version) or ``machine`` (its CPU, and Python).
    """

    rank: int
    label: str
    work: str
    unit: str
    cell: Names = field(default_factory=dict, hash=False)
    per: Annotated[float, Meta(gt=0, le=sys.float_info.max)] = 1.0
    inverted: bool = False
    in_floors: bool = True
    needs_same: Literal["", "python", "machine"] = ""

    def __post_init__(self) -> None:
        """Make its texts printable."""
        set_fields(self, label=printable(self.label), work=printable(self.work))
        set_fields(self, unit=printable(self.unit), cell=_printable(self.cell))


def _printable(names: Mapping[str, str]) -> dict[str, str]:
    return {printable(name): printable(text) for name, text in names.items()}
