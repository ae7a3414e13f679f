"""What ``benchmarks.json`` says of each series, and what can be known of one of its values."""

from __future__ import annotations

import ast
import enum
import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from unladen.store.json_files import read_json, unreadable
from unladen.store.presentation import (
    Headline,
    PortalRow,
    read_amounts,
    read_headline,
    read_portal_row,
    read_roles,
)
from unladen.store.reasons import Params
from unladen.text.terminal import printable
from unladen.text.units import word

VERSION = 2
"""Of the format of asv's ``benchmarks.json``."""

ROUNDING = 1e-9
"""Two exact values that differ by less, relatively, are one: sums of floats in another order."""

CELL_LIMIT = 100_000
"""Parameter combinations of a series that are believed."""

EXACT = "exact"
"""The kind of series whose values repeat to the digit."""

CODE_LIMIT = 100
"""Words for values of a series that are believed."""

BEHAVIOUR = frozenset({"virtual time", "calls", "outcome"})
"""The groups of series that say what a subject does, not what that costs: no interpreter moves
them, and every difference matters, for users wait for it, or pay for it."""

_MALFORMED = (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError)


class Status(enum.Enum):
    """What is known of one parameter combination at one commit."""

    MEASURED = "measured"
    FAILED = "failed"
    NOT_APPLICABLE = "n/a"
    MISSING = "missing"
    WRONG = "wrong outcome"
    """It has a value, but what was measured did not do what was asked."""

    @property
    def has_value(self) -> bool:
        """Whether there is a value: a right one, or that of a wrong outcome."""
        return self in (Status.MEASURED, Status.WRONG)


@dataclass(frozen=True)
class SeriesInfo:
    """One benchmark, as it describes itself.

    ``kind``: ``exact``, ``sampled`` or "" if it does not say; ``group``: what it is about, such as
    ``virtual time`` or ``work``, "" likewise. ``higher_is_better``: its direction. ``tolerance``:
    the relative difference up to which two exact values are no change. ``axes``: its parameters
    in order, each with its values as asv writes them.

    ``codes``: the words for its values 0, 1, 2..., if these are codes. ``expected``: by parameter
    combination (``cell_text``) the words of those that are right, where the series says so;
    ``about``: what a combination is about, one line.

    ``question``: which of the suite's questions it answers, such as ``concurrency.crosstalk``, ""
    if none of those that are asked of every capability. ``holds``: what its benchmark holds fixed,
    by name, such as the number of agents. ``roles``: what its parameters stand for, by name, such
    as ``runs`` for what runs at once. ``headline``: as one of the figures by which the history is
    told; ``portal``: as a row of the portal.
    """

    name: str
    kind: str
    unit: str
    group: str
    higher_is_better: bool
    tolerance: float
    version: str
    axes: Mapping[str, Sequence[str]]
    codes: Sequence[str] = ()
    expected: Mapping[str, Sequence[str]] = field(default_factory=dict)
    about: Mapping[str, str] = field(default_factory=dict)
    question: str = ""
    holds: Mapping[str, float] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    headline: Headline | None = None
    portal: PortalRow | None = None

    @property
    def capability(self) -> str:
        """The capability that ``capability.module.Class.function`` asks for; "" for a series that
        is asked of every target."""
        first, *others = self.name.split(".")
        return first if len(others) > 2 else ""

    @property
    def is_exact(self) -> bool:
        """Whether its values repeat to the digit, so that every difference is a fact."""
        return self.kind == EXACT

    @property
    def is_behaviour(self) -> bool:
        """Whether it says what the subject does (``BEHAVIOUR``)."""
        return self.group in BEHAVIOUR

    @cached_property
    def cells(self) -> tuple[Params, ...]:
        """Its parameter combinations, the last parameter changing fastest; one, (), without any."""
        return tuple(itertools.product(*self.axes.values()))

    @cached_property
    def points(self) -> list[list[str]]:
        """The values of each axis, as asv writes them beside results."""
        return [[*values] for values in self.axes.values()]

    def differ(self, one: float, other: float) -> bool:
        """Whether two exact values are different: by more than ``tolerance``, relatively."""
        return abs(one - other) > self.slack * max(abs(one), abs(other))

    @property
    def slack(self) -> float:
        """The relative difference up to which exact values are equal: ``tolerance``, and at
        least ``ROUNDING``."""
        return max(self.tolerance, ROUNDING)

    def is_expected(self, params: Params, value: float | None) -> bool | None:
        """Whether the value of a combination is one of the expected codes; None without a value, or
        where the series does not say what is expected."""
        expected = self.expected.get(cell_text(params))
        if value is None or expected is None:
            return None
        return word(value, self.codes) in expected

    def badness(self, params: Params, value: float) -> tuple[bool, float]:
        """Sorts the values of a combination, the best first: those that are not expected, where the
        series says what is, come after those that are; beyond that its direction decides."""
        is_odd = self.is_expected(params, value) is False
        return is_odd, -value if self.higher_is_better else value

    def is_worse(self, params: Params, before: float, after: float) -> bool:
        """Whether ``after`` is worse than ``before``: the one judgement of two values of a
        combination."""
        return self.badness(params, after) > self.badness(params, before)


def plain(point: str) -> str:
    """A parameter value as asv writes it, without the quotes that it has around strings."""
    if len(point) > 1 and point[0] in "'\"" and point[-1] == point[0]:
        try:
            return printable(str(ast.literal_eval(point)))
        except (SyntaxError, ValueError):
            return printable(point)
    return printable(point)


def cell_text(params: Params) -> str:
    """A parameter combination for people: ``1.0, 20, unlimited``; "" without parameters."""
    return ", ".join(map(plain, params))


def load_series(results: Path) -> dict[str, SeriesInfo]:
    """The series in a results folder's ``benchmarks.json``, by name, in order.

    Raises ``UserError`` if there is no such file, or it is not one of asv's.
    """
    path = results / "benchmarks.json"
    data = read_json(path, VERSION)
    described = {name: entry for name, entry in sorted(data.items()) if name != "version"}
    try:
        return {name: _series(name, entry) for name, entry in described.items()}
    except _MALFORMED as error:
        raise unreadable(path, f"a benchmark is malformed ({_told(error)})") from error


def _told(error: Exception) -> str:
    return printable(repr(error)[:80])


def _series(name: str, entry: Mapping[str, Any]) -> SeriesInfo:
    names, points = entry["param_names"], entry["params"]
    if math.prod(map(len, points)) > CELL_LIMIT:
        raise ValueError("too many parameter combinations")
    tolerance = float(entry.get("tolerance") or 0)
    if not 0 <= tolerance < 1:
        raise ValueError("tolerance must be a fraction")
    codes = _texts(entry.get("codes") or [])
    if len(codes) > CODE_LIMIT or len({*codes}) < len(codes) or not all(codes):
        raise ValueError("codes must be different words")
    return SeriesInfo(
        name=name,
        kind=str(entry.get("kind") or ""),
        unit=printable(str(entry.get("unit") or "")),
        group=printable(str(entry.get("group") or "")),
        higher_is_better=entry.get("direction") == "higher",
        tolerance=tolerance,
        version=str(entry["version"]),
        axes={
            str(axis): tuple(map(str, values)) for axis, values in zip(names, points, strict=True)
        },
        codes=codes,
        expected=_expected(entry.get("expected") or {}, codes),
        about=_about(entry.get("about") or {}),
        question=printable(str(entry.get("question") or "")),
        holds=read_amounts(entry.get("holds") or {}),
        roles=read_roles(entry.get("roles") or {}),
        headline=read_headline(entry.get("headline")),
        portal=read_portal_row(entry.get("portal")),
    )


def _texts(stored: object) -> tuple[str, ...]:
    if not isinstance(stored, list) or not all(isinstance(one, str) for one in stored):
        raise TypeError("words must be a list of texts")
    return tuple(map(printable, stored))


def _expected(stored: Mapping[str, Any], codes: Sequence[str]) -> Mapping[str, Sequence[str]]:
    found = {printable(name): _texts(words) for name, words in stored.items()}
    if not {one for words in found.values() for one in words} <= {*codes}:
        raise ValueError("what is expected must be among the codes")
    return found


def _about(stored: Mapping[str, Any]) -> dict[str, str]:
    return dict(zip(map(printable, stored), _texts([*stored.values()]), strict=True))
