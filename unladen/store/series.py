"""What each series says of itself, and what can be known of one of its values."""

from __future__ import annotations

import ast
import enum
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property, lru_cache

from unladen.store.presentation import Headline, PortalRow
from unladen.store.reasons import Params
from unladen.text.names import spellings
from unladen.text.terminal import printable
from unladen.text.units import word

ROUNDING = 1e-9
"""Two exact values that differ by less, relatively, are one: sums of floats in another order."""

LIVE = "live"
"""The group of series that a real model is asked for."""

EXACT = "exact"
"""The kind of series whose values repeat to the digit."""

BEHAVIOUR = frozenset({"virtual time", "calls", "outcome"})
"""The groups of series that say what a subject does, not what that costs: no interpreter moves
them, and every difference matters, for users wait for it, or pay for it."""

_OF_EXPONENTS = ("exponent", "relative error")
"""The units of growth exponents, and of how well these fit."""


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
    told; ``portal``: as a row of the portal. ``explain``: how a difference of it is explained
    first, such as ``waits``, "" if it does not say.
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
    # What is stored by a suite that does not say it is the same series.
    explain: str = field(default="", compare=False)

    @property
    def capability(self) -> str:
        """The capability that ``capability.module.Class.function`` asks for; "" for a series that
        is asked of every target."""
        return capability_of(self.name)

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of a driver that may connect what it asks, the most special one first:
        ``capability.module`` and ``capability``; none where it is asked of every target."""
        return (self.name.rsplit(".", 2)[0], self.capability) if self.capability else ()

    @property
    def is_exact(self) -> bool:
        """Whether its values repeat to the digit, so that every difference is a fact."""
        return self.kind == EXACT

    @property
    def is_behaviour(self) -> bool:
        """Whether it says what the subject does (``BEHAVIOUR``)."""
        return self.group in BEHAVIOUR

    @property
    def is_of_exponents(self) -> bool:
        """Whether it is a growth exponent, or how well one fits: of two of these the difference
        says something, and the ratio nothing."""
        return self.unit in _OF_EXPONENTS

    @property
    def is_live(self) -> bool:
        """Whether a real model is asked for its values."""
        return self.group == LIVE

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
        return differ(one, other, self.tolerance)

    @property
    def slack(self) -> float:
        """The relative difference up to which exact values are equal: ``tolerance``, and at
        least ``ROUNDING``."""
        return slack(self.tolerance)

    def is_expected(self, params: Params, value: float | None) -> bool | None:
        """Whether the value of a combination is one of the expected codes; None without a value, or
        where the series does not say what is expected."""
        if value is None or not self.expected:
            return None
        expected = self.expected.get(cell_text(params))
        if expected is None:
            return None
        return word(value, self.codes) in expected

    def is_called(self, pattern: str, params: Params) -> bool:
        """Whether a glob is one of its names, or a name with the parameters of a combination:
        ``name(1.0, 20)``."""
        cell = f"({cell_text(params)})"
        called = (text for name in spellings(self.name) for text in (name, name + cell))
        return any(fnmatchcase(text, pattern) for text in called)

    def badness(self, params: Params, value: float) -> tuple[bool, float]:
        """Sorts the values of a combination, the best first: those that are not expected, where the
        series says what is, come after those that are; beyond that its direction decides."""
        is_odd = self.is_expected(params, value) is False
        return is_odd, -value if self.higher_is_better else value

    def is_worse(self, params: Params, before: float, after: float) -> bool:
        """Whether ``after`` is worse than ``before``: the one judgement of two values of a
        combination."""
        return self.badness(params, after) > self.badness(params, before)


@lru_cache(maxsize=4096)
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


def slack(tolerance: float) -> float:
    """As ``SeriesInfo.slack``, of a series with this tolerance."""
    return max(tolerance, ROUNDING)


def differ(one: float, other: float, tolerance: float) -> bool:
    """As ``SeriesInfo.differ``, of a series with this tolerance."""
    return abs(one - other) > slack(tolerance) * max(abs(one), abs(other))


def capability_of(name: str) -> str:
    """As ``SeriesInfo.capability``, of the series of this name."""
    first, *others = name.split(".")
    return first if len(others) > 2 else ""
