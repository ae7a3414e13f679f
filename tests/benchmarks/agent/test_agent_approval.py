"""Each mistake of an agent that waits for an approval is found."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.agent import approval
from benchmarks.core.notes import hearing
from mocks.worlds.agent.world import AgentWorld
from targets.bare import driver  # noqa: F401 - it puts the floor on the path
from targets.bare.agent_approval import _Sdk
from targets.protocols.agent import Approval, Ended

pytestmark = pytest.mark.slow


class MadeApproval(_Sdk):
    """The floor's approvals with a mistake of one's choice."""

    mistake = ""

    async def start(self, agent: Any, asked: str) -> Any:
        paused = await super().start(agent, asked)
        if self.mistake == "does not wait":
            await agent._called(paused.messages[-1]["calls"])
        return paused

    async def resume(self, agent: Any, paused: Any) -> Ended:
        calls = paused.messages[-1]["calls"]
        if self.mistake == "asks again":
            await self.start(agent, paused.messages[0]["content"])
        ended = await super().resume(agent, paused)
        if self.mistake == "calls again":
            await agent._called(calls)
        return ended


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        ("", ""),
        ("does not wait", "the tool call #a00001.001 was made before it was approved"),
        ("asks again", "#a00001: the model was asked 3 times, not 2"),
        ("calls again", "the tool call #a00001.001 was made 2 times"),
    ],
)
def test_tools_are_called_once_and_after_the_approval(
    mistake: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened(world: AgentWorld) -> MadeApproval:
        sdk = MadeApproval(world)
        sdk.mistake = mistake
        return sdk

    monkeypatch.setattr(approval, "part", lambda kind: Approval(open=opened))
    with hearing() as heard:
        figures = approval.measure(5)
    assert (said in heard.wrong) if said else heard.wrong == ""
    if not mistake:
        assert (figures.makespan, figures.model_calls) == (2 * 1.137 + 0.23, 2)
