"""A case at work: the schedule of a model's faults, and the trouble of a world."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, TypeVar, cast

from mocks.faults.bodies import NoJson, spoilt
from mocks.faults.calls import StreamFault, fault_of, to_spoil
from mocks.faults.case import Case, What, When
from mocks.faults.places import Unfit, failing
from mocks.model import Fault, Request
from mocks.world import Codec, Event
from mocks.worlds.negotiation.faults.confirmation import User
from mocks.worlds.negotiation.faults.custom_tool import CustomToolScript
from mocks.worlds.negotiation.faults.parts import Part
from mocks.worlds.negotiation.faults.where import Where
from mocks.worlds.negotiation.faults.witness import Witness, texts_in
from mocks.worlds.negotiation.people import People
from mocks.worlds.negotiation.places import Place
from mocks.worlds.negotiation.script import Scenario, Script

F = TypeVar("F", bound=Callable[..., Any])

MOST_CALLS = 20_000
"""Calls after which an SDK that makes them all at one instant is stopped."""

_ROLES = {
    "formulation": Where.FORMULATION,
    "center": Where.CENTER,
    "question": Where.QUESTION,
    "discovery": Where.DISCOVERY,
    "gap": Where.SUB_DEMAND,
}

_PLACES = {str(place): place for place in Place}

_around: ContextVar[str] = ContextVar("around", default="")
"""What the model call that this task is making carries besides its prompt."""


class Runaway(BaseException):
    """The SDK has made so many calls that it would go on for ever. No ``Exception``, so that an
    SDK which takes every error for a reason to ask again does not take this one."""


class PlannedFault:
    """What ``mocks.model.Faults`` and ``mocks.world.Trouble`` are for one case.

    It strikes while it is ``armed``; until then, and again after ``stop``, everything works. The
    world's ``observers`` must include ``hear``, and its model must speak ``script``.

    ``struck_agents``: whose offer or profile was struck; ``user``: who confirms, if that goes
    wrong.
    """

    def __init__(self, case: Case, people: People, *, armed: bool = True) -> None:
        self.case = case
        tooled = case.where is Where.TOOL
        self.script = CustomToolScript() if tooled else Script(Scenario(case.scenario))
        self.struck_agents: set[str] = set()
        self.user: User | None = None
        self._agents = set(people.agents)
        self._armed = armed
        self._place = _PLACES.get(case.where)
        self._fault = fault_of(case.what) if self._place is None else None
        self._witness = Witness(people, self.script)
        self._unfit: str | None = None
        self._exposed = False
        self._strikes = 0
        self._calls: Counter[str] = Counter()
        self._first_agent = ""
        self._made = 0

    @property
    def parts(self) -> frozenset[Part]:
        """The parts that were used so far in what came after them."""
        return frozenset(self._witness.parts)

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
        if self._armed and self.user is not None:
            self.user.hear(event)

    def strike(self, request: Request) -> Fault | None:
        """See ``mocks.model.Faults``."""
        self._made += 1
        if self._made > MOST_CALLS:
            raise Runaway(f"{MOST_CALLS} model calls and no end")
        self._witness.see(request, _around.get())
        if not self._armed or self._fault is None or not self._hits(request):
            return None
        self._strikes += 1
        if self.case.where in (Where.OFFER, Where.OFFERS):
            self.struck_agents.add(request.agent)
        return self._fault

    def _hits(self, request: Request) -> bool:
        where = self.case.where
        if "." in request.mark:
            return where is Where.SUB_NEGOTIATION and self._due("")
        if request.role != "offer":
            return where is _ROLES.get(request.role) and self._due("")
        if where is Where.OFFERS:
            return self._due(request.agent)
        if where is not Where.OFFER:
            return False
        self._first_agent = self._first_agent or request.agent
        due = self._due("")
        return request.agent == self._first_agent if self.case.when is When.EVERY else due

    def _due(self, whose: str) -> bool:
        """Count a call of the place; whether it is the one, or one of those, to be struck."""
        self._calls[whose] += 1
        if self.case.when is When.EVERY:
            return True
        return self._calls[whose] == (1 if self.case.when is When.FIRST else 3)

    def has(self, place: str) -> bool:
        """See ``mocks.world.Trouble``."""
        return place is self._place

    def at(self, place: str, function: F) -> F:
        """See ``mocks.world.Trouble``; where ``function`` cannot go wrong in the planned way,
        ``why_unfit`` says so."""
        if not self.has(place):
            return function
        self._exposed = True
        if place is Place.CONFIRMATION:
            return cast(F, self._confirming(function))
        # A listener hears what it is told before it fails.
        after = place is Place.PUSHER
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
        agents = {each for each in arguments if isinstance(each, str)} & self._agents
        # A user's own profile is no agent's: nobody's offer depends on it.
        of_a_user = self.case.where is Where.PROFILES and not agents
        if not self._armed or of_a_user or not self._due(""):
            return False
        self._strikes += 1
        self.struck_agents |= agents
        return True

    def _confirming(self, confirm: Callable[..., Any]) -> Callable[..., Any]:
        user = self.user = User(self.case.what, confirm)

        def call(*args: Any) -> Any:
            if not self._armed:
                return confirm(*args)
            self._strikes += 1
            return user.confirm(*args)

        return call
