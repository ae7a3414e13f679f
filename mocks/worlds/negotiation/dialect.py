"""Negotiation as an endpoint speaks it."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Sequence

from mocks.model import Reply, Request, ToolCall
from mocks.openai.asked import Asked
from mocks.openai.dialect import Dialect
from mocks.worlds.negotiation.people import AGENT
from mocks.worlds.negotiation.script import OUTPUT_PLAN, Scenario, Script, mark_in
from mocks.worlds.negotiation.tools import TOOLS

_BRIEFS = {
    "formulation": "Put the user's demand into full words, two to four sentences. "
    "Add no facts of your own.",
    "offer": "You are the agent {agent}. Read the demand and your profile, and offer in two to "
    "four sentences what you can do for it. Begin with your id, {agent}.",
    "center": "You coordinate a negotiation. Read the demand and the agents' offers, then call "
    "the tool that is right. A plan names every agent that made an offer by its id.",
    "question": "You are the agent {agent}. Answer the question in one or two sentences.",
    "discovery": "Say in one or two sentences what the two profiles have in common that helps "
    "the demand.",
    "gap": "Word a demand of its own, one or two sentences, for what is missing.",
}

_REMEMBERED = 10_000
"""Negotiations whose rounds are remembered: those that never plan would pile up."""


class ScriptSpeaker:
    """Answers by the script of one scenario.

    A negotiation is known by its mark and is over when it plans; the same mark begins anew then.
    """

    def __init__(self, scenario: Scenario, *, reply_bytes: int = 200) -> None:
        self._scenario = scenario
        # Only a center's replies depend on what was asked before.
        self._texts = Script(Scenario.PLAN, reply_bytes=reply_bytes)
        self._scripts: OrderedDict[str, Script] = OrderedDict()
        self._lock = threading.Lock()

    def calls(self, asked: Asked, request: Request) -> Reply | None:
        """The center's reply: of whoever may put out a plan and is a center, or must."""
        can_plan = OUTPUT_PLAN in request.tools and asked.choice in (
            "auto",
            "required",
            OUTPUT_PLAN,
        )
        must_call = asked.choice in ("required", OUTPUT_PLAN)
        if not can_plan or not (must_call or request.role == "center"):
            return None
        return self._center(asked, request._replace(role="center"))

    def says(self, request: Request) -> Reply:
        """Whoever can call no tool of ours is answered in words, whatever its role."""
        role = "offer" if request.role == "center" else request.role
        return self._texts(request._replace(role=role))

    def _center(self, asked: Asked, request: Request) -> Reply:
        if asked.choice == OUTPUT_PLAN:
            request = request._replace(tools=(OUTPUT_PLAN,))
        if len(set(AGENT.findall(request.prompt))) < 2:
            return self._texts(request)  # nobody there to be asked, no pair to discover
        with self._lock:
            reply = self._script(request.mark)(request)
            if any(call.name == OUTPUT_PLAN for call in reply.tools):
                self._scripts.pop(request.mark, None)
        return reply

    def _script(self, mark: str) -> Script:
        script = self._scripts.pop(mark, None)
        if script is None:
            script = Script(self._scenario)
        self._scripts[mark] = script
        if len(self._scripts) > _REMEMBERED:
            self._scripts.popitem(last=False)
        return script


class NegotiationDialect(Dialect):
    """See ``Dialect``."""

    name = "negotiation"
    is_usual = True
    scenarios = tuple(Scenario)
    briefs = _BRIEFS
    mark_brief = "The demand carries the mark {mark}: repeat {mark} once, unchanged."
    tools = TOOLS

    def speaker(self, scenario: str, *, reply_bytes: int = 200) -> ScriptSpeaker:
        """See ``Dialect``."""
        return ScriptSpeaker(Scenario(scenario), reply_bytes=reply_bytes)

    def as_request(self, asked: Asked, role: str, agent: str) -> Request:
        """See ``Dialect``."""
        named = AGENT.search(asked.system) or AGENT.search(asked.prompt)
        return Request(
            role=role or self._role(asked),
            agent=agent or (named.group() if named else "the model"),
            mark=mark_in(asked.prompt) or mark_in(asked.system) or "it",
            prompt=asked.prompt,
            tools=tuple(function.name for function in asked.functions),
        )

    def call_in(self, text: str, offered: Sequence[str]) -> ToolCall | None:
        """A plan as text: what the model means is clear."""
        if OUTPUT_PLAN not in offered:
            return None
        agents = list(dict.fromkeys(AGENT.findall(text)))
        return ToolCall(OUTPUT_PLAN, {"text": text, "agents": agents})

    def _role(self, asked: Asked) -> str:
        """The role that a prompt names, or the center's if a plan can be put out, or the first
        that a prompt speaks of; an offer's if there is no sign at all."""
        if (named := asked.named_role()) in self.briefs:
            return named
        if any(function.name == OUTPUT_PLAN for function in asked.functions):
            return "center"
        words = re.findall(r"[a-z]+", f"{asked.system}\n{asked.prompt}".lower())
        spoken_of = (role for word in words for role in self.briefs if word.startswith(role[:8]))
        return next((role for role in spoken_of if role != "center"), "offer")


DIALECT = NegotiationDialect()
