"""What became of the parts of a negotiation, seen from what its model calls carry."""

from __future__ import annotations

from mocks.model import Replies, Request
from mocks.worlds.negotiation.faults.parts import Part
from mocks.worlds.negotiation.people import People

TOOL_RESULT = "the custom tool has found"
"""Begins what the custom tool answers."""

_READ_BY_CENTER = {
    "answers for #d": Part.ANSWER,
    "found overlap for #d": Part.DISCOVERY,
    TOOL_RESULT: Part.TOOL_RESULT,
}


class Witness:
    """Notes which parts were used in what came after them: the formulated demand and the profiles
    in the questions for offers, the findings of tools in what the center reads.

    ``replies`` is what the model says: a formulation counts as used where the whole of it is.
    """

    def __init__(self, people: People, replies: Replies) -> None:
        self.parts: set[Part] = set()
        self._replies = replies
        self._bios = {agent.id: agent.bio[:40] for agent in people.agents.values()}
        self._formulated: dict[str, str] = {}
        self._without_profile: set[str] = set()

    def see(self, request: Request, around: str) -> None:
        """A model call is made; ``around`` is what it carries besides its prompt."""
        mark = request.mark
        if "." in mark:
            return
        text = f"{request.prompt}\n{around}"
        if request.role == "formulation":
            self._formulated[mark] = self._replies(request).text.strip()
        elif request.role == "offer":
            self._see_offer(request.agent, mark, text)
        elif request.role == "center":
            self.parts |= {part for begins, part in _READ_BY_CENTER.items() if begins in text}
            if f"Plan for {mark}." in text:
                self.parts.add(Part.SUB_PLAN)

    def _see_offer(self, agent: str, mark: str, text: str) -> None:
        formulated = self._formulated.get(mark)
        if formulated is not None and formulated in text:
            self.parts.add(Part.FORMULATION)
        if self._bios.get(agent, "") not in text:
            self._without_profile.add(agent)
            self.parts.discard(Part.PROFILES)
        elif not self._without_profile:
            self.parts.add(Part.PROFILES)
