"""What can go wrong with the model of an agent behind an endpoint, and what a robust SDK makes of
it.

The model's first answer calls a tool, its second one answers. Between both there is the SDK's own
provider adapter, whose client may ask again.
"""

from __future__ import annotations

from mocks.faults import Case, Outcome, What, When
from mocks.worlds.agent.script import ROLE

_SAID = frozenset({Outcome.REPORTED, Outcome.TYPED_ERROR})
_MENDED_OR_SAID = _SAID | {Outcome.RECOVERED}


def _first(what: What, happens: str) -> Case:
    return Case(ROLE, what, When.FIRST, "", _MENDED_OR_SAID, happens, "asks again, or says so")


def _every(what: What, happens: str) -> Case:
    return Case(ROLE, what, When.EVERY, "", _SAID, happens, "says so")


CASES = (
    _first(What.DISCONNECTS, "the connection breaks in the middle of the answer"),
    _first(What.RAISES, "the connection breaks without an answer"),
    _first(What.LIMITED_HINT, "429, come again in 21 s"),
    _first(What.LIMITED, "429, without a hint when to come again"),
    _first(What.UNAVAILABLE, "503"),
    _first(What.TIMES_OUT, "504 after 61 s"),
    _first(What.LATE, "the answer comes two minutes late"),
    _first(What.HANGS, "nothing ever comes"),
    _first(What.EMPTY, "the answer has neither text nor tool calls"),
    _first(What.UNKNOWN_TOOL, "a tool is called that there is not"),
    _first(What.BAD_ARGUMENTS, "a tool is called with other arguments than it has"),
    _every(What.RAISES, "each connection breaks without an answer"),
    _every(What.LIMITED, "429, every time"),
    _every(What.UNAVAILABLE, "503, every time"),
    _every(What.HANGS, "nothing ever comes, every time"),
    _every(What.UNKNOWN_TOOL, "a tool is called that there is not, every time"),
)
"""All faults that are tried."""
