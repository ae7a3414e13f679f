"""The neutral tools of the script, as a live model is offered them."""

from __future__ import annotations

from collections.abc import Mapping

from mocks.openai.tools import Parameter, Tool
from mocks.worlds.negotiation.script import (
    ASK_AGENT,
    CREATE_SUB_DEMAND,
    OUTPUT_PLAN,
    START_DISCOVERY,
)

_AGENT_ID = "an agent's id, such as a00042"

TOOLS: Mapping[str, Tool] = {
    OUTPUT_PLAN: Tool(
        "End the negotiation with a plan.",
        {
            "text": Parameter("the whole plan, which names every agent that takes part by its id"),
            "agents": Parameter("the ids of the agents that take part, in order", several=True),
        },
    ),
    ASK_AGENT: Tool(
        "Ask one agent a question about its offer.",
        {"agent": Parameter(_AGENT_ID), "question": Parameter("the question")},
    ),
    START_DISCOVERY: Tool(
        "Let two agents find out what they have in common.",
        {
            "agent_a": Parameter(_AGENT_ID),
            "agent_b": Parameter(_AGENT_ID),
            "reason": Parameter("why these two"),
        },
    ),
    CREATE_SUB_DEMAND: Tool(
        "Open a negotiation of its own for something that no offer covers.",
        {"gap": Parameter("what is missing")},
    ),
}
