"""What a fault is: where it strikes, what goes wrong, when, and what a robust SDK makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


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
    """How a run ended that met a fault, from good to bad."""

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


@dataclass(frozen=True, slots=True)
class Case:
    """One fault. ``where``: the place that goes wrong, in the capability's words: a role in which
    the model is asked, or a part that a user of the SDK gives it. ``scenario``: what the model does
    in the run that meets it, likewise. ``expects``: the outcomes that a robust SDK may have, for
    the reason that ``robust`` gives."""

    where: str
    what: What
    when: When
    scenario: str
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
