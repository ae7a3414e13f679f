"""Each mistake of an agent with limits of time is found where it is looked for."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.agent import timeouts
from benchmarks.agent.timeouts import MODEL, TOOL, AfterLimit, Limited
from benchmarks.core.notes import hearing
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.bare import driver  # noqa: F401 - it puts the floor on the path
from targets.bare.agent_timeouts import _Sdk
from targets.protocols.agent import Ended, Timeouts

Choose = Callable[[str], None]


class MadeLimits(_Sdk):
    """The floor's limits with a mistake of one's choice."""

    mistake = ""

    def make(self, spec: AgentSpec, tool_s: float | None, model_s: float | None) -> Any:
        if self.mistake == "waits all the same":
            tool_s = model_s = None
        if self.mistake == "leaves the tool":
            agent = super().make(spec, tool_s, model_s)
            agent._tools = {name: _left(tool) for name, tool in agent._tools.items()}
            return agent
        if self.mistake == "is late" and tool_s is not None:
            tool_s += 2.0
        return super().make(spec, tool_s, model_s)

    async def run(self, agent: Any, asked: str) -> Ended:
        try:
            ended = await super().run(agent, asked)
        except TimeoutError:
            if self.mistake == "hides the time-out":
                raise KeyError("no answer") from None
            raise
        return Ended("", None, ended) if self.mistake == "loses the answer" else ended


def _left(tool: Any) -> Any:
    async def leave(key: str) -> Any:
        return await asyncio.shield(tool(key))

    return leave


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch) -> Choose:
    """Put limits with that mistake under test; "" is none."""

    def chosen(mistake: str) -> None:
        def opened(world: AgentWorld) -> MadeLimits:
            sdk = MadeLimits(world)
            sdk.mistake = mistake
            return sdk

        monkeypatch.setattr(timeouts, "part", lambda kind: Timeouts(open=opened))

    return chosen


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mistake", "what", "expected"),
    [
        ("", TOOL, Limited(AfterLimit.ANSWERED, 0.0, 0, 0, "")),
        ("", MODEL, Limited(AfterLimit.TIMEOUT, 0.0, 0, 0, "TimeoutError: ")),
        # 100 s are 94.65 s too many.
        ("waits all the same", TOOL, Limited(AfterLimit.ANSWERED, 94.65, 0, 0, "")),
        ("is late", TOOL, Limited(AfterLimit.ANSWERED, 2.0, 0, 0, "")),
        # It goes on as a task. The run ends after 7.6 s, and 1.1 s of these the tool did not run.
        ("leaves the tool", TOOL, Limited(AfterLimit.ANSWERED, 94.65, 2, 94, "")),
        (
            "hides the time-out",
            MODEL,
            Limited(AfterLimit.CRASH, 0.0, 0, 0, "KeyError: 'no answer'"),
        ),
    ],
)
def test_what_takes_too_long_ends_in_time_or_is_seen_not_to(
    mistake: str, what: str, expected: Limited, choose: Choose
) -> None:
    choose(mistake)
    with hearing() as heard:
        assert timeouts.measure(what) == expected
    assert heard.wrong == ""


@pytest.mark.slow
def test_a_call_that_nobody_ends_never_ends(choose: Choose) -> None:
    choose("waits all the same")
    found = timeouts.measure(MODEL)
    assert found.became is AfterLimit.HANG
    assert math.isnan(found.late)


@pytest.mark.slow
def test_an_answer_that_is_lost_is_a_wrong_outcome(choose: Choose) -> None:
    choose("loses the answer")
    with hearing() as heard:
        timeouts.measure(TOOL)
    assert heard.wrong == "it ends without the answer"
