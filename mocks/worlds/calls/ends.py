"""How a stream can go and what a call must then end with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar, cast

from mocks.faults import Outcome
from mocks.world import Codec
from mocks.worlds.calls.kinds import Kind
from mocks.worlds.calls.messages import Message
from mocks.worlds.calls.stream import Pace
from mocks.worlds.calls.world import PREDICATE, Plan

F = TypeVar("F", bound=Callable[..., Any])

PATIENCE_S = 7.3
"""Seconds that an SDK is told to wait where a stream hangs."""


class Due(Enum):
    """What a call has to end with."""

    TARGET = "its target"
    NONE = "the word that there was no target"
    FAILURE = "the word that it failed"


@dataclass(frozen=True, slots=True)
class EndCase:
    """One way in which a stream goes. ``due``: what the call has to end with; ``expects``: which
    outcomes a robust SDK may have; ``about``: what happens, in a line."""

    name: str
    plan: Plan
    due: Due
    expects: frozenset[Outcome]
    about: str
    predicate_fails_at: int | None = None
    kind: Kind = Kind.METHOD


_RIGHT = frozenset({Outcome.RECOVERED})
_SAID = frozenset({Outcome.REPORTED, Outcome.TYPED_ERROR})

ENDS = (
    EndCase("target", Plan(), Due.TARGET, _RIGHT, "the 8th of 10 messages is the target"),
    EndCase(
        "no target", Plan(target=None), Due.NONE, _RIGHT, "10 messages, and none is the target"
    ),
    EndCase("nothing", Plan(0, None), Due.NONE, _RIGHT, "the stream ends without a message"),
    EndCase(
        "breaks",
        Plan(target=8, pace=Pace(breaks_after=5)),
        Due.FAILURE,
        _SAID,
        "the connection breaks after 5 messages; a robust SDK says so",
    ),
    EndCase(
        "breaks after its target",
        Plan(target=8, pace=Pace(breaks_after=9)),
        Due.TARGET,
        _RIGHT,
        "the connection breaks when the target has long come; a robust SDK has let it go by then",
    ),
    EndCase(
        "hangs",
        Plan(target=8, pace=Pace(hangs_after=5), timeout=PATIENCE_S),
        Due.FAILURE,
        _SAID,
        f"nothing comes after 5 messages; a robust SDK, told to wait {PATIENCE_S:g} s, says so",
    ),
    EndCase(
        "hangs after its target",
        Plan(target=8, pace=Pace(hangs_after=9)),
        Due.TARGET,
        _RIGHT,
        "the stream stays open when the target has come; a robust SDK does not wait for its end",
    ),
    EndCase(
        "predicate raises",
        Plan(),
        Due.TARGET,
        _RIGHT | _SAID,
        "what knows the target raises at message 3; a robust SDK goes on, or says so",
        predicate_fails_at=3,
    ),
    EndCase(
        "predicate raises at its target",
        Plan(),
        Due.FAILURE,
        _SAID,
        "what knows the target raises when it sees it; a robust SDK says so",
        predicate_fails_at=8,
    ),
)
"""All ends that are tried."""

KINDS = tuple(
    EndCase(
        kind.value,
        Plan(),
        Due.TARGET,
        _RIGHT | {Outcome.TYPED_ERROR},
        f"what streams is given as: {kind}; a robust SDK reads it, or refuses it at once",
        kind=kind,
    )
    for kind in Kind
)
"""All kinds of callables."""


class FailingPredicate:
    """A world's trouble: what knows the target raises at message ``number``."""

    def __init__(self, number: int) -> None:
        self._number = number

    def has(self, place: str) -> bool:
        """Only the predicate fails."""
        return place == PREDICATE

    def at(self, place: str, function: F) -> F:
        """See ``mocks.world.Trouble``."""

        def is_target(message: Message) -> bool:
            if message.number == self._number:
                raise LookupError(f"message {message.number} has no kind")
            return bool(function(message))

        return cast(F, is_target) if self.has(place) else function

    def between(self, ask: F, codec: Codec) -> F:
        """The model's replies are as they are."""
        return ask
