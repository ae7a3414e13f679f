"""What can go wrong around an SDK that echoes, and what a robust one makes of it."""

from __future__ import annotations

from mocks.faults import Case, Outcome, PlannedFault, What, When
from mocks.worlds.echo.script import ROLE

LISTENER = "listener"
"""Who hears of each echo: what a user gives the SDK besides its model."""

_MENDED = frozenset({Outcome.RECOVERED})
_REFUSED = _MENDED | {Outcome.TYPED_ERROR}


def _case(
    where: str, what: What, happens: str, expects: frozenset[Outcome], when: When = When.FIRST
) -> Case:
    robust = "asks again" if expects is _MENDED else "asks again, or refuses"
    return Case(where, what, when, "", expects, happens, robust)


CASES = (
    _case(ROLE, What.HANGS, "it never answers", _REFUSED),
    _case(ROLE, What.RAISES, "it raises ConnectionError, no error of the SDK's", _REFUSED),
    _case(ROLE, What.UNAVAILABLE, "503", _MENDED),
    _case(ROLE, What.UNAVAILABLE, "503", _REFUSED, When.EVERY),
    _case(ROLE, What.LIMITED_HINT, "429, come again in 21 s", _MENDED),
    _case(ROLE, What.LATE, "the right answer comes late", _MENDED),
    _case(ROLE, What.EMPTY, "the answer is empty", _REFUSED),
    _case(ROLE, What.HUGE, "the answer has 10 MB", _REFUSED),
    _case(LISTENER, What.RAISES, "it raises ConnectionError", _REFUSED),
)
"""All faults that are tried."""


def planned(case: Case) -> PlannedFault:
    """The case at work in a world of echoes."""
    return PlannedFault(case, places=(LISTENER,), listeners=(LISTENER,))
