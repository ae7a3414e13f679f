"""A world in which agents hand errands over to one another, or ask one another."""

from __future__ import annotations

from dataclasses import dataclass, field

from mocks.model import Reply, Request, ToolCall
from mocks.worlds.agent.errands import KEY
from mocks.worlds.agent.script import Plan, answer
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld, Heard

LEAD = "lead"

_BEGIN = "You are called "


def helper(number: int) -> str:
    """The name of one of the others, from 1, and of the tool by which it is called."""
    return f"helper_{number}"


@dataclass(frozen=True, slots=True)
class Team:
    """How an errand goes. ``handing``: the lead hands it over to the first of so many helpers, each
    to the next, and the last one answers; else: the lead asks all of them, in one answer of its
    model, each of them answers, and then so does the lead."""

    helpers: int
    handing: bool

    @property
    def requests(self) -> dict[str, int]:
        """How often the model is asked for each of the agents, by their names."""
        times = {LEAD: 1 if self.handing else 2}
        return times | {helper(number): 1 for number in range(1, self.helpers + 1)}

    def specs(self) -> list[AgentSpec]:
        """The lead and its helpers, without tools of their own."""
        return [AgentSpec(name, f"{_BEGIN}{name}. Be brief.") for name in self.requests]


class TeamScript:
    """The replies of their models. ``Request.agent`` says which of them is asked."""

    def __init__(self, team: Team) -> None:
        self._team = team

    def __call__(self, request: Request, /) -> Reply:
        """The tool calls, or the answer. Raises ``LookupError`` for a prompt without an errand."""
        if not request.mark:
            raise LookupError(f"{request.agent} is asked without an errand")
        if self._team.handing:
            due = [self._after(request.agent)]
        elif request.agent == LEAD and _called(request) < self._team.helpers:
            due = list(range(1, self._team.helpers + 1))
        else:
            due = []
        calls = [
            ToolCall(helper(number), {"key": f"{request.mark}.{number:03}"})
            for number in due
            if number <= self._team.helpers
        ]
        return Reply("", tuple(calls)) if calls else Reply(answer(Plan(), request.mark))

    def _after(self, agent: str) -> int:
        """The number of the one that an agent hands over to."""
        return 1 if agent == LEAD else int(agent.removeprefix(helper(0)[:-1])) + 1


def _called(request: Request) -> int:
    """How many helpers the newest turn of a conversation has asked."""
    found = KEY.findall(request.prompt)
    return max(int(number) for mark, number in found if mark == request.mark)


@dataclass(eq=False, kw_only=True)
class TeamWorld(AgentWorld):
    """Its model is told which agent asks it, by the instructions. ``asked``: the agents that asked
    it, with the marks of their errands, in that order."""

    asked: list[tuple[str, str]] = field(default_factory=list)

    def clear(self) -> None:
        """See ``World``."""
        super().clear()
        self.asked.clear()

    def _request(self, heard: Heard) -> Request:
        request = super()._request(heard)
        _, _, rest = heard.instructions.partition(_BEGIN)
        name = rest.partition(".")[0]
        self.asked.append((name, request.mark))
        return request._replace(agent=name)
