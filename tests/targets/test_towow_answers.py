"""What the mock world answers to Towow: all that its prompts ask for, for users as for agents."""

from __future__ import annotations

import asyncio
import json

import pytest

from mocks.model import Model, ToolCall
from mocks.worlds.negotiation.people import People
from mocks.worlds.negotiation.profiles import profile_of
from mocks.worlds.negotiation.script import OUTPUT_PLAN, Scenario, Script
from targets.towow import answers
from targets.towow.driver import _Agents

PEOPLE = People(3)


@pytest.mark.parametrize("user", ["u00001", "u00007", "user"])
def test_users_have_profiles_as_agents_have(user: str) -> None:
    agents = _Agents(Model(Script(Scenario.PLAN)), PEOPLE)
    assert asyncio.run(agents.get_profile(user)) == profile_of(user)
    profile = asyncio.run(agents.get_profile("a00002"))
    assert profile == PEOPLE.agents["a00002"].profile()
    assert asyncio.run(agents.get_profile("a99999")) == {}


def empty_fields(content: object, path: str = "") -> list[str]:
    """The paths of what is empty in nested data."""
    if content in ("", None, [], {}):
        return [path]
    if isinstance(content, dict):
        return [p for k, v in content.items() for p in empty_fields(v, f"{path}/{k}")]
    if isinstance(content, list):
        return [p for v in content for p in empty_fields(v, path)]
    return []


@pytest.mark.parametrize(
    "answer",
    [answers.formulated, answers.offered, answers.discovered, answers.sub_demanded],
)
def test_no_answer_leaves_a_field_empty(answer: object) -> None:
    assert callable(answer)
    text = answer("a text")
    assert "a text" in text
    assert empty_fields(json.loads(text)) == []


def test_a_plan_has_a_task_for_everybody_and_only_the_first_waits_for_nobody() -> None:
    call = ToolCall(OUTPUT_PLAN, {"text": "Plan", "agents": ["a00001", "a00002"]})
    schema = {"input_schema": {"properties": {"plan_text": {}, "plan_json": {}}}}
    plan = answers.tool_call(call, schema)["arguments"]["plan_json"]
    assert empty_fields(plan) == ["/tasks/prerequisites"]
    assert [task["assignee_id"] for task in plan["tasks"]] == ["a00001", "a00002"]
