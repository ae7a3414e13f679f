"""A fault of the catalogue at work in a world of negotiation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from mocks.faults import Case, PlannedFault, When
from mocks.model import Fault, Request
from mocks.world import Event
from mocks.worlds.negotiation.faults.confirmation import User
from mocks.worlds.negotiation.faults.custom_tool import CustomToolScript
from mocks.worlds.negotiation.faults.parts import Part
from mocks.worlds.negotiation.faults.witness import Witness
from mocks.worlds.negotiation.people import People
from mocks.worlds.negotiation.places import BESIDES_MODEL, Place
from mocks.worlds.negotiation.script import Scenario, Script

F = TypeVar("F", bound=Callable[..., Any])

_ROLES = {
    "formulation": Place.FORMULATION,
    "center": Place.CENTER,
    "question": Place.QUESTION,
    "discovery": Place.DISCOVERY,
    "gap": Place.SUB_DEMAND,
}


class NegotiationFault(PlannedFault):
    """A planned fault among ``people``. The world's model must speak ``script``.

    ``struck_agents``: whose offer or profile was struck; ``user``: who confirms, if that goes
    wrong.
    """

    def __init__(self, case: Case, people: People, *, armed: bool = True) -> None:
        super().__init__(case, places=BESIDES_MODEL, listeners=(Place.PUSHER,), armed=armed)
        tooled = case.where == Place.TOOL
        self.script = CustomToolScript() if tooled else Script(Scenario(case.scenario))
        self.struck_agents: set[str] = set()
        self.user: User | None = None
        self._agents = set(people.agents)
        self._witness = Witness(people, self.script)
        self._first_agent = ""

    @property
    def parts(self) -> frozenset[Part]:
        """The parts that were used so far in what came after them."""
        return frozenset(self._witness.parts)

    @property
    def busy_until(self) -> float:
        """See ``PlannedFault``."""
        return 0.0 if self.user is None else self.user.busy_until

    def hear(self, event: Event) -> None:
        """See ``PlannedFault``."""
        if self._armed and self.user is not None:
            self.user.hear(event)

    def see(self, request: Request, around: str) -> None:
        """See ``PlannedFault``."""
        self._witness.see(request, around)

    def strike(self, request: Request) -> Fault | None:
        """See ``mocks.model.Faults``."""
        fault = super().strike(request)
        if fault is not None and self.case.where in (Place.OFFER, Place.OFFERS):
            self.struck_agents.add(request.agent)
        return fault

    def hits(self, request: Request) -> bool:
        """See ``PlannedFault``."""
        where = self.case.where
        if "." in request.mark:
            return where == Place.SUB_NEGOTIATION and self.due()
        if request.role != "offer":
            return where == _ROLES.get(request.role) and self.due()
        if where == Place.OFFERS:
            return self.due(request.agent)
        if where != Place.OFFER:
            return False
        self._first_agent = self._first_agent or request.agent
        due = self.due()
        return request.agent == self._first_agent if self.case.when is When.EVERY else due

    def concerns(self, arguments: tuple[object, ...]) -> bool:
        """A user's own profile is no agent's: nobody's offer depends on it."""
        return self.case.where != Place.PROFILES or bool(self._agents_in(arguments))

    def at(self, place: str, function: F) -> F:
        """See ``PlannedFault``."""
        if place == Place.CONFIRMATION and self.has(place):
            self._exposed = True
            return cast(F, self._confirming(function))
        return super().at(place, function)

    def _place_due(self, arguments: tuple[object, ...]) -> bool:
        due = super()._place_due(arguments)
        if due:
            self.struck_agents |= self._agents_in(arguments)
        return due

    def _agents_in(self, arguments: tuple[object, ...]) -> set[str]:
        return {each for each in arguments if isinstance(each, str)} & self._agents

    def _confirming(self, confirm: Callable[..., Any]) -> Callable[..., Any]:
        user = self.user = User(self.case.what, confirm)

        def call(*args: Any) -> Any:
            if not self._armed:
                return confirm(*args)
            self._strikes += 1
            return user.confirm(*args)

        return call
