"""What the model answers where Insight asks for a structured output."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocks.model import Reply, Request, ToolCall
from mocks.openai.asked import Asked

_OUTPUT = "final_result"
"""The tool by which pydantic-ai has a model give what is no text."""


def calls(asked: Asked, request: Request) -> Reply | None:
    """The intent of a message, or the plan of a page; ``None`` where a text is asked for."""
    wanted = next((one for one in asked.functions if one.name == _OUTPUT), None)
    if wanted is None:
        return None
    known = wanted.parameters.get("properties", {})
    if "intent" in known:
        answer = _INTENT
    elif "dataContract" in known or "data_contract" in known:
        answer = _blueprint(request.mark)
    else:
        return None
    return Reply(tools=(ToolCall(_OUTPUT, answer),))


_INTENT: Mapping[str, Any] = {
    "intent": "chat_qa",
    "confidence": 0.95,
    "shouldBuild": False,
    "path": "chat",
    "expectedMode": "answer",
}


def _blueprint(mark: str) -> Mapping[str, Any]:
    """A page with one table and one paragraph, of one source of data."""
    slots = [
        {"id": "grades", "componentType": "table", "dataBinding": "$compute.mean"},
        {"id": "advice", "componentType": "markdown", "aiContentSlot": True},
    ]
    return {
        "id": "bp-grades",
        "name": f"Grades of a class {mark}",
        "description": "What a class knows, and what to do next.",
        "dataContract": {
            "inputs": [{"id": "class", "type": "class", "label": "Class"}],
            "bindings": [
                {
                    "id": "submissions",
                    "sourceType": "tool",
                    "toolName": "get_assignment_submissions",
                    "paramMapping": {"teacher_id": "$context.teacherId"},
                    "description": "All submissions of the last assignment.",
                }
            ],
        },
        "computeGraph": {
            "nodes": [
                {
                    "id": "mean",
                    "type": "tool",
                    "toolName": "calculate_stats",
                    "toolArgs": {"data": "$data.submissions.scores"},
                    "dependsOn": ["submissions"],
                    "outputKey": "mean",
                },
                {
                    "id": "advice",
                    "type": "ai",
                    "promptTemplate": "What should the class do next?",
                    "dependsOn": ["mean"],
                    "outputKey": "advice",
                },
            ]
        },
        "uiComposition": {
            "layout": "tabs",
            "tabs": [{"id": "overview", "label": "Overview", "slots": slots}],
        },
        "pageSystemPrompt": "You help a teacher to read grades.",
    }
