"""What the mock model says in a negotiation, and how its calls are placed into stages."""

from __future__ import annotations

import pytest

from mocks.model import Call, Request
from mocks.worlds.negotiation.script import ASK_AGENT, OUTPUT_PLAN, Scenario, Script, mark_in
from mocks.worlds.negotiation.stages import spans

TOOLS = ("output_plan", "ask_agent", "start_discovery", "create_sub_demand")
OFFERS = "#d00001 wants help\na00002: yes #d00001\na00001: yes #d00001"


def center(prompt: str = OFFERS, tools: tuple[str, ...] = TOOLS) -> Request:
    return Request("center", "", mark_in(prompt), prompt, tools)


@pytest.mark.parametrize("role", ["formulation", "offer", "question", "discovery", "gap"])
def test_every_reply_repeats_the_mark(role: str) -> None:
    reply = Script(Scenario.PLAN)(Request(role, "a00001", "#d00007", "..."))
    assert "#d00007" in reply.text
    assert 180 < len(reply.text) < 260


def test_the_plan_names_the_agents_whose_offers_the_center_saw() -> None:
    (tool,) = Script(Scenario.PLAN)(center()).tools
    assert tool.name == OUTPUT_PLAN
    assert tool.arguments["text"] == "Plan for #d00001: a00001, a00002"
    assert tool.arguments["agents"] == ["a00001", "a00002"]


@pytest.mark.parametrize(
    ("scenario", "first", "then"),
    [
        (Scenario.ASK_ONE, ["ask_agent"], ["output_plan"]),
        (Scenario.ASK_ALL, ["ask_agent", "ask_agent"], ["output_plan"]),
        (Scenario.EAGER, ["ask_agent"], ["ask_agent"]),
        (Scenario.SUB_DEMAND, ["create_sub_demand"], ["output_plan"]),
        (Scenario.DISCOVERY, ["start_discovery"], ["output_plan"]),
    ],
)
def test_scenarios_round_by_round(scenario: Scenario, first: list[str], then: list[str]) -> None:
    script = Script(scenario)
    assert [tool.name for tool in script(center()).tools] == first
    assert [tool.name for tool in script(center()).tools] == then
    assert script.missing is None


def test_eager_plans_when_the_tool_is_taken_away() -> None:
    script = Script(Scenario.EAGER)
    assert script(center()).tools[0].name == ASK_AGENT
    assert script(center(tools=("output_plan",))).tools[0].name == OUTPUT_PLAN
    assert script.missing is None


def test_a_tool_that_is_not_offered_is_reported_as_missing() -> None:
    script = Script(Scenario.ASK_ALL)
    assert script(center(tools=("output_plan",))).tools[0].name == OUTPUT_PLAN
    assert script.missing == "ask_agent"
    script.clear()
    assert script.missing is None


def test_a_sub_negotiation_plans_at_once() -> None:
    script = Script(Scenario.SUB_DEMAND)
    assert script(center("#d00001.1 sub\na00001: yes")).tools[0].name == OUTPUT_PLAN


def test_an_unknown_role_is_an_error() -> None:
    with pytest.raises(LookupError, match="no role 'poet'"):
        Script(Scenario.PLAN)(Request("poet", "", "#d00001", ""))


def test_calls_are_placed_into_stages() -> None:
    log = [
        ("formulation", "#d00001"), ("formulation", "#d00002"), ("offer", "#d00001"),
        ("offer", "#d00001"), ("center", "#d00001"), ("question", "#d00001"),
        ("question", "#d00001"), ("gap", "#d00001"), ("formulation", "#d00001.1"),
        ("center", "#d00001.1"), ("center", "#d00001"), ("offer", "#d00001"),
    ]  # fmt: skip
    placed = spans(Call(role, "", mark, 0.0) for role, mark in log)
    assert [(span.group, span.stage) for span in placed] == [
        ("#d00001", 0), ("#d00002", 0), ("#d00001", 1), ("#d00001", 1), ("#d00001", 2),
        ("#d00001", 3), ("#d00001", 3), ("#d00001", 4), ("#d00001", 5), ("#d00001", 6),
        ("#d00001", 7), ("#d00001", 1),
    ]  # fmt: skip
