"""What a fault is: where it strikes, what goes wrong, when, and what a robust SDK makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from mocks.negotiation import Scenario


class Where(StrEnum):
    """The place that goes wrong: a role in which the model is asked, or a part that a user of the
    SDK gives it."""

    FORMULATION = "formulation"
    OFFER = "offer"
    """One agent's: the one that is asked first (third, for the third call)."""
    OFFERS = "all offers"
    CENTER = "center"
    QUESTION = "question"
    DISCOVERY = "discovery"
    SUB_DEMAND = "sub-demand"
    """The call that words a sub-negotiation's demand."""
    SUB_NEGOTIATION = "sub-negotiation"
    """The calls of a sub-negotiation itself."""
    TOOL = "custom tool"
    ENCODER = "encoder"
    DETECTOR = "detector"
    PROFILES = "profile source"
    PUSHER = "event pusher"
    CONFIRMATION = "confirmation"


class What(StrEnum):
    """What goes wrong."""

    HANGS = "hangs"
    RAISES = "raises"
    DISCONNECTS = "disconnects midway"
    TIMES_OUT = "504"
    LIMITED_HINT = "429 retry-after"
    LIMITED = "429"
    UNAVAILABLE = "503"
    LATE = "late"
    EMPTY = "empty"
    NULL = "null"
    NOT_JSON = "not JSON"
    TRUNCATED = "truncated JSON"
    WRONG_SHAPE = "wrong shape"
    UNKNOWN_TOOL = "unknown tool"
    BAD_ARGUMENTS = "bad arguments"
    HUGE = "10 MB"
    STREAM_STOPS = "stream stops"
    STREAM_CRAWLS = "stream crawls"
    SHORT_VECTOR = "short vector"
    NOT_A_NUMBER = "not a number"
    NEVER = "never"
    TWICE = "twice"
    EARLY = "early"


class When(StrEnum):
    """Which of the place's calls goes wrong."""

    FIRST = "first call"
    EVERY = "every call"
    THIRD = "third call"


class Outcome(IntEnum):
    """How a negotiation ended that met a fault, from good to bad."""

    RECOVERED = 0
    REPORTED = 1
    SILENT = 2
    TYPED_ERROR = 3
    CRASH = 4
    DATA_LOST = 5
    HANG = 6

    @property
    def word(self) -> str:
        """The outcome in words."""
        return _WORDS[self]


_WORDS = {
    Outcome.RECOVERED: "recovered",
    Outcome.REPORTED: "degraded and reported",
    Outcome.SILENT: "degraded silently",
    Outcome.TYPED_ERROR: "typed error",
    Outcome.CRASH: "untyped crash",
    Outcome.DATA_LOST: "data lost",
    Outcome.HANG: "hang",
}


class Part(StrEnum):
    """What a negotiation's result can lack besides an agent's offer."""

    FORMULATION = "formulation"
    RANKING = "ranking"
    """The agents' order by how well they match."""
    PROFILES = "profiles"
    ANSWER = "answer"
    DISCOVERY = "discovery"
    SUB_PLAN = "sub-plan"
    TOOL_RESULT = "tool result"
    PLAN = "plan"
    """The plan is not the center's."""
    CONFIRMATION = "confirmation"
    """The user confirmed, and the negotiation went on without."""
    NEGOTIATION = "negotiation"
    """All of it: a result that says that the negotiation failed."""


@dataclass(frozen=True, slots=True)
class Case:
    """One fault. ``expects``: the outcomes that a robust SDK may have, for the reason that
    ``robust`` gives."""

    where: Where
    what: What
    when: When
    scenario: Scenario
    expects: frozenset[Outcome]
    happens: str
    robust: str

    @property
    def name(self) -> str:
        """The case in at most 40 characters: what is not the place's first call says so."""
        suffix = "" if self.when is When.FIRST else f", {self.when}"
        return f"{self.where}: {self.what}{suffix}"

    @property
    def about(self) -> str:
        """What happens and what a robust SDK does, in one line."""
        return f"{self.happens}; a robust SDK {self.robust}"
