"""How a series asks to be shown: as a headline of the history, and as a row of the portal.

These are attributes of the series (``benchmarks.core.presentation``), so that no list of names has
to know them. They are read from files that may come from anybody: types and lengths are checked.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from unladen.text.terminal import printable

NAMES_LIMIT = 100
"""Names of what is held fixed, or of roles, that are believed."""


@dataclass(frozen=True)
class Headline:
    """``of``: what is done, such as ``a plain run``; ``label``: what the figure is; ``cell``: the
    values of its parameters, as people read them, by their names; ``rank``: its place."""

    of: str
    label: str
    cell: Mapping[str, str]
    rank: int


@dataclass(frozen=True)
class PortalRow:
    """A figure that targets are held against each other by: a cell of a series, perhaps divided by
    ``per`` or, after that, ``inverted``.

    ``rank``: its place among the rows. ``work``: what is done, in the words of the portal;
    ``cell``: as a headline's, in the order of their names. ``unit``: of the figure. ``in_floors``:
    whether it is told as a multiple of the floor's. ``needs_same``: what must be the same for a
    comparison: ``""`` (nothing), ``python`` (its version) or ``machine`` (its CPU, and Python).
    """

    rank: int
    label: str
    work: str
    unit: str
    cell: tuple[tuple[str, str], ...] = ()
    per: float = 1.0
    inverted: bool = False
    in_floors: bool = True
    needs_same: str = ""


def read_headline(stored: object) -> Headline | None:
    """The headline that a series describes. Raises ``TypeError``, ``ValueError`` or ``KeyError`` if
    it is none."""
    if stored is None:
        return None
    data = _mapping(stored)
    return Headline(
        _text(data["of"]), _text(data["label"]), dict(_texts(data["cell"])), _number(data["rank"])
    )


def read_portal_row(stored: object) -> PortalRow | None:
    """The row of the portal that a series describes. Raises as ``read_headline``."""
    if stored is None:
        return None
    data = _mapping(stored)
    per = read_amount(data["per"])
    if per <= 0:
        raise ValueError("what is divided by must be above 0")
    needs_same = _text(data["needs_same"])
    if needs_same not in ("", "python", "machine"):
        raise ValueError("a row needs the same python, machine, or nothing")
    return PortalRow(
        rank=_number(data["rank"]),
        label=_text(data["label"]),
        work=_text(data["work"]),
        unit=_text(data["unit"]),
        cell=tuple(sorted(_texts(data["cell"]).items())),
        per=per,
        inverted=_flag(data["inverted"]),
        in_floors=_flag(data["in_floors"]),
        needs_same=needs_same,
    )


def read_amounts(stored: object) -> Mapping[str, float]:
    """Numbers by name. Raises as ``read_headline``."""
    return {printable(name): read_amount(value) for name, value in _mapping(stored).items()}


def read_roles(stored: object) -> Mapping[str, str]:
    """Texts by name. Raises as ``read_headline``."""
    return _texts(stored)


def read_amount(stored: object) -> float:
    """A finite number. Raises as ``read_headline``."""
    if isinstance(stored, bool) or not isinstance(stored, int | float):
        raise TypeError("not a number")
    value = float(stored)
    if not math.isfinite(value):
        raise ValueError("not a finite number")
    return value


def _mapping(stored: object) -> Mapping[str, Any]:
    if not isinstance(stored, dict):
        raise TypeError("not a table")
    if len(stored) > NAMES_LIMIT:
        raise ValueError("too many names")
    return stored


def _texts(stored: object) -> dict[str, str]:
    return {printable(name): _text(value) for name, value in _mapping(stored).items()}


def _text(stored: object) -> str:
    if not isinstance(stored, str):
        raise TypeError("not a text")
    return printable(stored)


def _flag(stored: object) -> bool:
    if not isinstance(stored, bool):
        raise TypeError("neither true nor false")
    return stored


def _number(stored: object) -> int:
    value = read_amount(stored)
    if value != int(value):
        raise ValueError("not a whole number")
    return int(value)
