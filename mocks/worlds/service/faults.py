"""What can go wrong with the model of a service, and what its user should get then.

A service cannot mend its model. It may ask again; else it says what is wrong with a status, or in
a stream that has begun with an event, so that its user can act on it.
"""

from __future__ import annotations

from mocks.faults import Case, Outcome, PlannedFault, What, When
from mocks.model import Request
from mocks.worlds.service.endpoints import Kind

SAID = frozenset({Outcome.RECOVERED, Outcome.TYPED_ERROR})
SAID_MIDWAY = SAID | {Outcome.REPORTED}

_SAYS = "asks again, or says so with a status that tells what is wrong"
_SAYS_MIDWAY = "says so in the stream that has begun"

_WHOLE = {
    What.HANGS: "the model never answers",
    What.DISCONNECTS: "the connection to the model breaks",
    What.TIMES_OUT: "the model's gateway answers 504",
    What.LIMITED_HINT: "the provider answers 429 and says when to come again",
    What.LIMITED: "the provider answers 429",
    What.UNAVAILABLE: "the provider answers 503",
    What.LATE: "the model takes very long",
    What.EMPTY: "the model says nothing",
}

_STREAMED = {
    What.HANGS: "the model never answers",
    What.DISCONNECTS: "the connection to the model breaks before the first word",
    What.LIMITED: "the provider answers 429",
    What.UNAVAILABLE: "the provider answers 503",
    What.STREAM_STOPS: "the model stops in the middle of its answer",
    What.STREAM_CRAWLS: "the model takes very long for each word",
}


def _case(kind: Kind, what: What, when: When, happens: str) -> Case:
    midway = what in (What.STREAM_STOPS, What.STREAM_CRAWLS)
    return Case(
        where=kind.value,
        what=what,
        when=when,
        scenario=kind.value,
        expects=SAID_MIDWAY if midway else SAID,
        happens=happens,
        robust=_SAYS_MIDWAY if midway else _SAYS,
    )


CASES: tuple[Case, ...] = (
    *(_case(Kind.CHAT, what, When.FIRST, happens) for what, happens in _WHOLE.items()),
    *(
        _case(Kind.CHAT, what, When.EVERY, f"{_WHOLE[what]}, each time")
        for what in (What.DISCONNECTS, What.LIMITED, What.UNAVAILABLE)
    ),
    *(_case(Kind.STREAM, what, When.FIRST, happens) for what, happens in _STREAMED.items()),
)


class ServiceFault(PlannedFault):
    """A case at work: whatever the service calls its model for is struck; the case's place is the
    endpoint that its user asks."""

    def start(self) -> None:
        """From now on things go wrong."""
        self._armed = True

    def hits(self, request: Request) -> bool:
        """See ``PlannedFault``."""
        return self.due()
