"""What the mock model says in a negotiation: replies by role, for each scenario.

A negotiation, whatever the SDK: a user's demand is *formulated* (one call), matching agents each
make an *offer* (one call an agent), a *center* reads the offers and calls tools in rounds until it
puts out a plan. Tools ask agents (role ``question``), run a *discovery* between two agents, or
open a *sub-negotiation* for a gap (role ``gap`` words its demand).

Tools are named in neutral terms; a driver translates names and arguments into its SDK's schema:
``output_plan(text, agents)`` (who works on it, in this order), ``ask_agent(agent, question)``,
``start_discovery(agent_a, agent_b, reason)``, ``create_sub_demand(gap)``.
"""

from __future__ import annotations

from collections import Counter
from enum import StrEnum

from mocks.model import Reply, Request, ToolCall
from mocks.worlds.negotiation.people import AGENT, MARK

OUTPUT_PLAN = "output_plan"
ASK_AGENT = "ask_agent"
START_DISCOVERY = "start_discovery"
CREATE_SUB_DEMAND = "create_sub_demand"


_search = MARK.search


class Scenario(StrEnum):
    """What the center does before it plans."""

    PLAN = "plan"
    """It plans at once."""
    ASK_ONE = "ask_one"
    """It asks one agent, then plans."""
    ASK_ALL = "ask_all"
    """It asks every agent, all in one response, then plans."""
    EAGER = "eager"
    """It asks one agent after the other for as long as the tool is offered."""
    SUB_DEMAND = "sub_demand"
    """It opens one sub-negotiation, then plans; the sub-negotiation plans at once."""
    DISCOVERY = "discovery"
    """It starts one discovery between two agents, then plans."""


NEEDS = {
    Scenario.ASK_ONE: ASK_AGENT,
    Scenario.ASK_ALL: ASK_AGENT,
    Scenario.SUB_DEMAND: CREATE_SUB_DEMAND,
    Scenario.DISCOVERY: START_DISCOVERY,
}
"""The tool without which a scenario cannot happen."""


_TEXTS = {
    "formulation": "%s wants, in full, %s: ",
    "offer": "%s offers help for %s: ",
    "question": "%s answers for %s: ",
    "discovery": "%s found overlap for %s: ",
    "gap": "%s opens %s.1: ",
}
"""How the reply of each role but the center begins, given the agent and the mark."""


class Script:
    """The mock model's replies for one scenario (a ``Replies`` for ``mocks.model.Model``).

    Every reply repeats the mark of the demand that its prompt is about, and the plan names every
    agent whose offer stands in the center's prompt: what an SDK mixes up or drops shows in its
    results. ``missing`` names a tool the scenario needs and the SDK did not offer; the script
    then plans at once. Raises ``LookupError`` for a role it does not know.
    """

    def __init__(self, scenario: Scenario, *, reply_bytes: int = 200) -> None:
        self.scenario = scenario
        self.missing: str | None = None
        filler = ("x" * 7 + " ") * (reply_bytes // 8)
        self._texts = {role: begins + filler for role, begins in _TEXTS.items()}
        self._rounds: Counter[str] = Counter()

    def __call__(self, request: Request, /) -> Reply:
        text = self._texts.get(request.role)
        if text is None:
            return Reply(tools=self._center(request))
        return Reply(text % (request.agent, request.mark))

    def clear(self) -> None:
        """Forget the negotiations so far."""
        self.missing = None
        self._rounds.clear()

    def _center(self, request: Request) -> tuple[ToolCall, ...]:
        if request.role != "center":
            raise LookupError(f"a negotiation has no role {request.role!r}")
        mark = request.mark
        self._rounds[mark] += 1
        if not self._plans_now(request, self._rounds[mark]):
            return self._tools(request)
        return (self._plan(request),)

    def _plans_now(self, request: Request, round_number: int) -> bool:
        if self.scenario is Scenario.EAGER:
            return ASK_AGENT not in request.tools
        needed = NEEDS.get(self.scenario)
        if needed is None or round_number > 1 or _is_sub(request.mark):
            return True
        if needed not in request.tools:
            self.missing = needed
            return True
        return False

    def _tools(self, request: Request) -> tuple[ToolCall, ...]:
        mark = request.mark
        agents = _agents_in(request.prompt)
        if self.scenario is Scenario.SUB_DEMAND:
            return (ToolCall(CREATE_SUB_DEMAND, {"gap": f"somebody with a van for {mark}"}),)
        if self.scenario is Scenario.DISCOVERY:
            pair = {"agent_a": agents[0], "agent_b": agents[1], "reason": f"overlap in {mark}"}
            return (ToolCall(START_DISCOVERY, pair),)
        asked = agents if self.scenario is Scenario.ASK_ALL else agents[:1]
        question = f"When can you start on {mark}?"
        return tuple(ToolCall(ASK_AGENT, {"agent": a, "question": question}) for a in asked)

    def _plan(self, request: Request) -> ToolCall:
        agents = _agents_in(request.prompt)
        text = f"Plan for {request.mark}: {', '.join(agents)}"
        return ToolCall(OUTPUT_PLAN, {"text": text, "agents": agents})


def mark_in(prompt: str) -> str:
    """The mark of the demand a prompt is about: the first in it, empty if there is none."""
    found = _search(prompt)
    return found.group() if found else ""


def _agents_in(prompt: str) -> list[str]:
    return sorted(set(AGENT.findall(prompt)))


def _is_sub(mark: str) -> bool:
    return "." in mark
