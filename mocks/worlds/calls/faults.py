"""What can go wrong with the stream of a call, and what a robust SDK makes of it.

An SDK is given a function that streams; to call it again is to ask the model again. Streams that
end too early without a word, and what knows the target, are in ``mocks.worlds.calls.ends``. What a
message holds is none of an SDK's business, so nothing is spoilt in it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from mocks.faults import Case, Outcome, PlannedFault, What, When
from mocks.model import Disconnected, Fault, Reply, Request
from mocks.worlds.calls.ends import PATIENCE_S
from mocks.worlds.calls.stream import ROLE

_SAID = frozenset({Outcome.REPORTED, Outcome.TYPED_ERROR})
_MENDED_OR_SAID = _SAID | {Outcome.RECOVERED}

TOLD = frozenset({What.HANGS, What.STREAM_STOPS})
"""Faults at which the SDK is told how long to wait: nothing else could end them."""


def _case(what: What, happens: str, when: When = When.FIRST) -> Case:
    says = "says so when the time is up that it is told to wait" if what in TOLD else "says so"
    if when is When.FIRST:
        return Case(ROLE, what, when, "", _MENDED_OR_SAID, happens, f"asks again, or {says}")
    return Case(ROLE, what, when, "", _SAID, happens, says)


_WAITS = f"not even an error, to an SDK that is told to wait {PATIENCE_S:g} s"
_NOTHING = f"nothing ever comes, {_WAITS}"
_BROKEN = "it raises ConnectionError, no error of the SDK's"

CASES = (
    _case(What.DISCONNECTS, "the connection breaks after five messages"),
    _case(What.LIMITED_HINT, "429, come again in 21 s"),
    _case(What.LIMITED, "429, without a hint when to come again"),
    _case(What.UNAVAILABLE, "503"),
    _case(What.HANGS, _NOTHING),
    _case(What.RAISES, _BROKEN),
    _case(What.TIMES_OUT, "504 after 61 s"),
    _case(What.LATE, "the first message comes two minutes late"),
    _case(What.STREAM_STOPS, f"nothing comes after five messages, {_WAITS}"),
    _case(What.STREAM_CRAWLS, "each message comes 31 s late"),
    _case(What.DISCONNECTS, "every stream breaks after five messages", When.EVERY),
    _case(What.LIMITED, "429, every time", When.EVERY),
    _case(What.UNAVAILABLE, "503, every time", When.EVERY),
    _case(What.HANGS, _NOTHING, When.EVERY),
    _case(What.RAISES, _BROKEN, When.EVERY),
)
"""All faults that are tried."""


class _BreaksMidway:
    """The connection breaks when half of the messages have come."""

    async def apply(self, answer: Callable[[], Awaitable[Reply]]) -> Reply:
        return await answer()

    async def before_word(self, index: int, words: int) -> None:
        """See ``StreamingFault``."""
        if index == words // 2:
            raise Disconnected("the connection broke before the reply was complete")


class CallsFault(PlannedFault):
    """A case at work in a world of calls."""

    def strike(self, request: Request) -> Fault | None:
        """See ``mocks.model.Faults``."""
        fault = super().strike(request)
        if fault is not None and self.case.what is What.DISCONNECTS:
            return _BreaksMidway()
        return fault
