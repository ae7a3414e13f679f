"""A case at work: the schedule of a model's faults, and the trouble of a world."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextvars import ContextVar
from typing import Any, TypeVar, cast

from mocks.faults.bodies import NoJson, spoilt
from mocks.faults.calls import StreamFault, fault_of, to_spoil
from mocks.faults.case import Case, What, When
from mocks.faults.places import Unfit, failing
from mocks.model import Fault, Request
from mocks.world import Codec, Event

F = TypeVar("F", bound=Callable[..., Any])

MOST_CALLS = 20_000
"""Calls after which an SDK that makes them all at one instant is stopped."""

_around: ContextVar[str] = ContextVar("around", default="")
"""What the model call that this task is making carries besides its prompt."""


class Runaway(BaseException):
    """The SDK has made so many calls that it would go on for ever. No ``Exception``, so that an
    SDK which takes every error for a reason to ask again does not take this one."""


class PlannedFault:
    """What ``mocks.model.Faults`` and ``mocks.world.Trouble`` are for one case.

    It strikes while it is ``armed``; until then, and again after ``stop``, everything works. The
    world's ``observers`` must include ``hear``.

    ``places``: the names of the parts besides the model that a user gives an SDK. A case at one of
    them strikes there (a listener, one of ``listeners``, hears what it is told before it fails);
    any other case strikes the model's calls in the role that it names. After ``most_calls`` an SDK
    is taken to go on for ever, at one instant or later. A capability whose cases
    name more than that has a subclass with ``hits``, ``concerns`` or ``at`` of its own.
    """

    def __init__(
        self,
        case: Case,
        *,
        places: Collection[str] = (),
        listeners: Collection[str] = (),
        armed: bool = True,
        most_calls: int = MOST_CALLS,
    ) -> None:
        self.case = case
        self._most_calls = most_calls
        self._armed = armed
        self._place = case.where if case.where in places else None
        self._listeners = listeners
        self._fault = fault_of(case.what) if self._place is None else None
        self._unfit: str | None = None
        self._exposed = False
        self._strikes = 0
        self._calls: Counter[str] = Counter()
        self._made = 0

    @property
    def busy_until(self) -> float:
        """The loop time up to which somebody in the world still means to do something."""
        return 0.0

    def stop(self) -> None:
        """Nothing goes wrong any more."""
        self._armed = False

    def why_unfit(self) -> str | None:
        """Why the case says nothing about the SDK that is connected, ``None`` if it may."""
        if self._fault is None and not self._exposed:
            return f"{self.case.where}: the driver gives this SDK none"
        return self._unfit

    def why_void(self) -> str | None:
        """After a run: why it said nothing about the SDK, ``None`` if it did."""
        if self._unfit is not None:
            return self._unfit
        if isinstance(self._fault, StreamFault) and not self._fault.streamed:
            return f"{self.case.where}: the SDK does not stream it"
        if not self._strikes:
            return f"{self.case.where}: the SDK never comes to its {self.case.when}"
        return None

    def hear(self, event: Event) -> None:
        """An event was announced."""

    def see(self, request: Request, around: str) -> None:
        """A model call is made, struck or not; ``around`` is what it carries besides its prompt."""

    def hits(self, request: Request) -> bool:
        """Whether the call is one that is struck; counts it if it is of the case's place."""
        return request.role == self.case.where and self.due()

    def concerns(self, arguments: tuple[object, ...]) -> bool:
        """Whether a use of the place with these arguments is one that counts."""
        return True

    def due(self, whose: str = "") -> bool:
        """Count a call of the place; whether it is the one, or one of those, to be struck."""
        self._calls[whose] += 1
        if self.case.when is When.EVERY:
            return True
        return self._calls[whose] == (1 if self.case.when is When.FIRST else 3)

    def strike(self, request: Request) -> Fault | None:
        """See ``mocks.model.Faults``."""
        self._made += 1
        if self._made > self._most_calls:
            raise Runaway(f"{self._most_calls} model calls and no end")
        self.see(request, _around.get())
        if not self._armed or self._fault is None or not self.hits(request):
            return None
        self._strikes += 1
        return self._fault

    def has(self, place: str) -> bool:
        """See ``mocks.world.Trouble``."""
        return place == self._place

    def at(self, place: str, function: F) -> F:
        """See ``mocks.world.Trouble``; where ``function`` cannot go wrong in the planned way,
        ``why_unfit`` says so."""
        if not self.has(place):
            return function
        self._exposed = True
        after = place in self._listeners
        try:
            return cast(F, failing(function, self.case.what, self._place_due, after=after))
        except Unfit as error:
            self._unfit = f"{place}: {error}"
            return function

    def between(self, ask: F, codec: Codec) -> F:
        """See ``mocks.world.Trouble``."""

        async def call(*args: Any, **kwargs: Any) -> Any:
            _around.set("\n".join(texts_in([args, kwargs])))
            to_spoil.set(None)
            reply = await ask(*args, **kwargs)
            what = to_spoil.get()
            return reply if what is None else self._spoilt(what, reply, codec)

        return cast(F, call)

    def _spoilt(self, what: What, reply: object, codec: Codec) -> object:
        try:
            body = spoilt(what, codec.read(reply))
        except NoJson:
            self._unfit = f"{self.case.where}: the SDK reads it as plain text, not as JSON"
            return reply
        return codec.write(reply, body)

    def _place_due(self, arguments: tuple[object, ...]) -> bool:
        if not self._armed or not self.concerns(arguments) or not self.due():
            return False
        self._strikes += 1
        return True


def texts_in(content: object) -> Iterator[str]:
    """Every text in nested mappings and sequences."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, Mapping):
        for value in content.values():
            yield from texts_in(value)
    elif isinstance(content, list | tuple):
        for each in content:
            yield from texts_in(each)
