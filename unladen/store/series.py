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
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from unladen.store.bounds import Finite
from unladen.store.json_files import read_json, unreadable
from unladen.store.presentation import NAMES_LIMIT, Headline, Names, PortalRow
from unladen.store.reasons import Params
from unladen.text.terminal import printable
from unladen.text.units import word

FILE = "benchmarks.json"
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

Words = Annotated[list[Annotated[str, Meta(min_length=1)]], Meta(max_length=CODE_LIMIT)]


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


class _Described(Struct):
    """What is used of a benchmark's description by asv and by itself."""

    param_names: list[str]
    params: list[list[str]]
    version: str
    kind: str | None = None
    unit: str | None = None
    group: str | None = None
    direction: str | None = None
    tolerance: Annotated[float, Meta(ge=0, lt=1)] | None = None
    codes: Words | None = None
    expected: dict[str, list[str]] | None = None
    about: dict[str, str] | None = None
    question: str | None = None
    holds: Annotated[dict[str, Finite], Meta(max_length=NAMES_LIMIT)] | None = None
    roles: Names | None = None
    headline: Headline | None = None
    portal: PortalRow | None = None

    def __post_init__(self) -> None:
        """Refuse what no type says."""
        if len(self.param_names) != len(self.params):
            raise ValueError("each parameter must have a name")
        if math.prod(map(len, self.params)) > CELL_LIMIT:
            raise ValueError("too many parameter combinations")
        codes = self.codes or []
        if len({*codes}) < len(codes):
            raise ValueError("codes must be different words")
        expected = self.expected or {}
        if not {word for words in expected.values() for word in words} <= {*codes}:
            raise ValueError("what is expected must be among the codes")


def load_series(results: Path) -> dict[str, SeriesInfo]:
    """The series in a results folder's ``benchmarks.json``, by name, in order.

    Raises ``UserError`` if there is no such file, or it is not one of asv's.
    """
    path = results / FILE
    data = read_json(path, VERSION)
    try:
        return {
            name: _series(name, msgspec.convert(entry, _Described))
            for name, entry in sorted(data.items())
            if name != "version"
        }
    except msgspec.ValidationError as error:
        why = printable(str(error))[:120]
        raise unreadable(path, f"a benchmark is malformed ({why})") from error


def _series(name: str, stored: _Described) -> SeriesInfo:
    return SeriesInfo(
        name=name,
        kind=stored.kind or "",
        unit=printable(stored.unit or ""),
        group=printable(stored.group or ""),
        higher_is_better=stored.direction == "higher",
        tolerance=stored.tolerance or 0.0,
        version=stored.version,
        axes=dict(zip(stored.param_names, map(tuple, stored.params), strict=True)),
        codes=tuple(map(printable, stored.codes or ())),
        expected={
            printable(case): tuple(map(printable, words))
            for case, words in (stored.expected or {}).items()
        },
        about={printable(k): printable(v) for k, v in (stored.about or {}).items()},
        question=printable(stored.question or ""),
        holds={printable(k): value for k, value in (stored.holds or {}).items()},
        roles={printable(k): printable(v) for k, v in (stored.roles or {}).items()},
        headline=stored.headline,
        portal=stored.portal,
    )
