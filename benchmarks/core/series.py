"""What every benchmark says of its series, in function attributes that asv copies to its JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Protocol, TypeVar

F = TypeVar("F", bound=Callable[..., Any])
B_contra = TypeVar("B_contra", contravariant=True)
V_co = TypeVar("V_co", covariant=True)

Kind = Literal["exact", "sampled"]
Direction = Literal["lower", "higher"]
Group = Literal[
    "virtual time",
    "real time",
    "calls",
    "outcome",
    "cpu",
    "work",
    "memory",
    "import",
    "growth",
    "live",
]
Explain = Literal["work", "waits", "counted", "outcomes", "retained", "peak", "imports", "none"]
"""What ``unladen explain`` tells first of a difference: which functions execute more; what is
waited for; what was counted, by its text and by who did it; where two traces part; what is
retained, or held at the peak; which module imports which; nothing, for each run has another
figure."""

_EXPLAIN: Mapping[Group, Explain] = {
    "virtual time": "waits",
    "calls": "counted",
    "outcome": "outcomes",
    "memory": "retained",
    "import": "imports",
}
"""Of exact series that say nothing else, and of what an import costs, by group; work of all
others."""

QUESTIONS = "benchmarks.questions"


class Series(Protocol[B_contra, V_co]):
    """A series of a question, as a capability's benchmark class takes it: ``track_x = series``."""

    def __call__(self, benchmark: B_contra, /, *cell: object) -> V_co:
        """Its value for one parameter combination of the benchmark."""


def series(
    *,
    version: str,
    kind: Kind,
    unit: str,
    group: Group,
    direction: Direction = "lower",
    tolerance: float = 0.0,
    codes: Sequence[str] = (),
    holds: Mapping[str, float] | None = None,
    explain: Explain | None = None,
) -> Callable[[F], F]:
    """Declare a benchmark function's series.

    ``version``: bumped by hand when the meaning of the figures changes. ``kind``: ``exact``
    figures repeat to the digit, ``sampled`` ones are noisy. ``direction``: which way is better.
    ``tolerance``: the relative difference up to which two exact values are no change; above 0
    only where a host that does not let us fix addresses can move the value. ``codes``: the words
    for the values 0, 1, 2 ... of a series whose value is a code. ``holds``: what is fixed whoever
    asks, by name; a benchmark adds its own (``presentation.presented``). ``explain``: how a
    difference is explained, where its kind and group do not say it. Which question it answers is
    said by where the function is.
    """
    is_told = kind == "exact" or group == "import"
    told = explain or (_EXPLAIN.get(group, "work") if is_told else "none")

    def declare(function: F) -> F:
        vars(function).update(
            version=version,
            kind=kind,
            unit=unit,
            group=group,
            direction=direction,
            tolerance=tolerance,
            question=_question(function),
            explain=told,
        )
        if codes:
            vars(function)["codes"] = list(codes)  # asv carries lists, but not tuples
        if holds:
            vars(function)["holds"] = dict(holds)
        return function

    return declare


def _question(function: Callable[..., Any]) -> str:
    """What is asked, such as ``work.bytecodes``; "" for what only one capability asks."""
    package, _, module = function.__module__.rpartition(".")
    return f"{module}.{function.__name__}" if package == QUESTIONS else ""


def runs(
    *, repeat: int | tuple[int, int, float], rounds: int, by_itself: bool = False
) -> Callable[[F], F]:
    """How often a sampled series is measured: ``repeat`` samples in each of ``rounds`` processes
    (a tuple: at least, at most, and seconds to spend).

    ``by_itself``: the function measures, and its ``setup_cache``, if there is one, only says
    whether it can: so two commits are compared again and again with the caches of the first time.
    What asv times, and what looks at resident memory, measures by itself anyway.
    """

    def declare(function: F) -> F:
        vars(function).update(repeat=repeat, rounds=rounds)
        if by_itself:
            vars(function)["by_itself"] = True
        return function

    return declare


ADDRESS_TOLERANCE = 0.005
"""Tolerance of a memory peak: see ``meters.memory`` (measured: 58 to 116 bytes of 61,000)."""

SMALL_PEAK_TOLERANCE = 0.01
"""The same of a peak of a few kilobytes (measured: 32 bytes of 5,960, by whether a process began or
was forked)."""

IMPORT_TOLERANCE = 0.0005
"""Tolerance of an import's bytecodes: libraries iterate over sets of types, whose order depends on
addresses (measured: 10,234,600 to 10,234,900 over commits that change no import)."""
