"""What the model answers to Towow: the mock's texts in every field that its prompts ask for."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from mocks.model import ToolCall
from mocks.worlds.negotiation.faults import CUSTOM_TOOL
from mocks.worlds.negotiation.script import (
    ASK_AGENT,
    CREATE_SUB_DEMAND,
    OUTPUT_PLAN,
    START_DISCOVERY,
)


def formulated(text: str) -> str:
    """The demand in full, and what of the user's profile was added to it."""
    enrichments = {
        "hard_constraints": ["all of it within two months", "nobody travels more than an hour"],
        "negotiable_preferences": ["evenings rather than mornings"],
        "context_added": ["has a small hall – and half the tools", "has done it once before"],
    }
    return json.dumps({"formulated_text": text, "enrichments": enrichments})


def offered(text: str) -> str:
    """An agent's offer."""
    capabilities = ["helping", "bringing others along"]
    return json.dumps({"content": text, "capabilities": capabilities, "confidence": 0.8})


def discovered(text: str) -> str:
    """What two agents have in common."""
    report = {
        "new_associations": [text],
        "coordination": "they share a workshop on weekdays",
        "additional_contributions": {"agent_a": ["a van"], "agent_b": ["a key to the hall"]},
        "summary": text,
    }
    return json.dumps({"discovery_report": report})


def sub_demanded(text: str) -> str:
    """The demand of a sub-negotiation."""
    context = "Part of a larger plan, for which the others are found already."
    return json.dumps({"sub_demand_text": text, "context": context})


def tool_call(tool: ToolCall, schema: Mapping[str, Any]) -> dict[str, Any]:
    """A tool call of the center, with the arguments that the tool's schema knows."""
    arguments = _ARGUMENTS[tool.name](tool.arguments)
    known = schema["input_schema"]["properties"]
    return {
        "id": f"call-{tool.name}",
        "name": tool.name,
        "arguments": {name: value for name, value in arguments.items() if name in known},
    }


def _plan_arguments(arguments: Mapping[str, Any]) -> dict[str, Any]:
    summary, agents = arguments["text"], arguments["agents"]
    people = [{"agent_id": a, "display_name": a, "role_in_plan": "helps"} for a in agents]
    tasks = [
        {
            "id": f"task-{agent}",
            "title": f"Part of {agent}",
            "description": f"What {agent} has offered, when those before are done.",
            "assignee_id": agent,
            "prerequisites": [f"task-{before}" for before in earlier],
            "status": "pending",
        }
        for agent, earlier in zip(agents, [[], *([a] for a in agents)], strict=False)
    ]
    plan = {"summary": summary, "participants": people, "tasks": tasks}
    return {"plan_text": summary, "plan_json": plan}


_ARGUMENTS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    OUTPUT_PLAN: _plan_arguments,
    ASK_AGENT: lambda a: {"agent_id": a["agent"], "question": a["question"]},
    START_DISCOVERY: lambda a: dict(a),
    CREATE_SUB_DEMAND: lambda a: {"gap_description": a["gap"]},
    CUSTOM_TOOL: lambda a: dict(a),
}
