"""Each mistake of an agent with guardrails is found."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from benchmarks.agent import guardrails
from benchmarks.agent.guardrails import Checked
from benchmarks.core.notes import hearing
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.bare import driver  # noqa: F401 - it puts the floor on the path
from targets.bare.agent_guardrails import _Sdk
from targets.protocols.agent import Ended, Guardrails, Passes, Stopped

pytestmark = pytest.mark.slow


class MadeGuardrails(_Sdk):
    """The floor's guardrails with a mistake of one's choice."""

    mistake = ""

    def make(self, spec: AgentSpec, asked: Passes | None, answered: Passes | None) -> Any:
        self._check = asked
        if self.mistake == "lets all pass":
            return super().make(spec, *(_heeding_nothing(check) for check in (asked, answered)))
        if self.mistake in ("beside the model", "stops the model"):
            return super().make(spec, None, answered)
        return super().make(spec, asked, answered)

    async def run(self, agent: Any, asked: str) -> Ended:
        if self.mistake == "checks twice" and self._check is not None:
            await self._check(asked)
        if self.mistake not in ("beside the model", "stops the model") or self._check is None:
            return await super().run(agent, asked)
        running = asyncio.ensure_future(super().run(agent, asked))
        if await self._check(asked):
            return await running
        if self.mistake == "stops the model":
            running.cancel()
        refused = self._floor.Refused("no")
        return Stopped("no", None, refused)


def _heeding_nothing(check: Passes | None) -> Passes | None:
    async def heeded(text: str) -> bool:
        assert check is not None
        await check(text)
        return True

    return None if check is None else heeded


def _measured(mistake: str, check: Checked, patch: pytest.MonkeyPatch) -> tuple[Any, str]:
    def opened(world: AgentWorld) -> MadeGuardrails:
        sdk = MadeGuardrails(world)
        sdk.mistake = mistake
        return sdk

    patch.setattr(guardrails, "part", lambda kind: Guardrails(open=opened))
    with hearing() as heard:
        figures = guardrails.measure(check)
    return figures, heard.wrong


@pytest.mark.parametrize("check", Checked)
def test_nothing_is_wrong_with_the_floors_guardrails(
    check: Checked, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures, wrong = _measured("", check, monkeypatch)
    assert (wrong, figures.tasks) == ("", 0)
    is_early = check in (Checked.ASKED_STOPS, Checked.ASKED_STOPS_LATE)
    assert (figures.model_calls, figures.tools) == ((0, 0) if is_early else (2, 1))


@pytest.mark.parametrize(
    ("mistake", "check", "said"),
    [
        ("lets all pass", Checked.ASKED_STOPS, "it was not stopped"),
        ("lets all pass", Checked.ANSWERED_STOPS, "it was not stopped"),
        ("checks twice", Checked.ASKED_PASSES, "1 texts were to be checked"),
    ],
)
def test_a_guardrail_stops_what_it_has_to_and_checks_once(
    mistake: str, check: Checked, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert said in _measured(mistake, check, monkeypatch)[1]


@pytest.mark.parametrize(
    ("mistake", "check", "model_calls", "tools", "tasks"),
    [
        ("beside the model", Checked.ASKED_STOPS, 1, 0, 1),
        ("beside the model", Checked.ASKED_STOPS_LATE, 2, 1, 1),
        ("stops the model", Checked.ASKED_STOPS, 1, 0, 0),
        ("stops the model", Checked.ASKED_STOPS_LATE, 2, 1, 0),
    ],
)
def test_what_was_done_before_it_was_stopped_is_counted(
    mistake: str,
    check: Checked,
    model_calls: int,
    tools: int,
    tasks: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    figures, wrong = _measured(mistake, check, monkeypatch)
    assert wrong == ""
    assert (figures.model_calls, figures.tools, figures.tasks) == (model_calls, tools, tasks)
