"""What the mock endpoint says: a capability's replies, and calls of tools it has never heard of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocks.model import Reply, Request, ToolCall
from mocks.openai.asked import Asked, Function
from mocks.openai.dialect import Speaker

_DEEPEST = 20
"""Levels of a schema that are filled in."""

_EXAMPLES = {"integer": 1, "number": 1.0, "boolean": True, "null": None}


def reply(speaker: Speaker, asked: Asked, request: Request) -> Reply:
    """The speaker's reply to ``request``; a tool of the client's own where it must call one."""
    calls = speaker.calls(asked, request)
    if calls is not None:
        return calls
    function = _due(asked)
    if function is not None:
        return Reply("", (ToolCall(function.name, _arguments(function.parameters)),))
    return speaker.says(request)


def _due(asked: Asked) -> Function | None:
    """The tool that the client wants called, whatever the script would do."""
    if asked.choice == "required":
        return asked.functions[0]
    return next((f for f in asked.functions if f.name == asked.choice), None)


def _arguments(schema: Mapping[str, Any]) -> dict[str, object]:
    value = _example({**schema, "type": "object"}, _DEEPEST)
    return value if isinstance(value, dict) else {}


def _example(schema: object, levels: int) -> object:
    """The plainest value that a JSON schema accepts, as far as type, enum, const, default and
    required say."""
    if not isinstance(schema, Mapping) or levels == 0:
        return "mock"
    for key in ("const", "default"):
        if key in schema:
            return schema[key]
    if isinstance(schema.get("enum"), list) and schema["enum"]:
        return schema["enum"][0]
    kind = schema.get("type")
    if isinstance(kind, list) and kind:
        kind = kind[0]
    if kind == "object":
        properties, required = schema.get("properties"), schema.get("required")
        if not isinstance(properties, Mapping) or not isinstance(required, list):
            return {}
        return {name: _example(properties.get(name), levels - 1) for name in map(str, required)}
    if kind == "array":
        return [_example(schema["items"], levels - 1)] if schema.get("minItems") else []
    return _EXAMPLES.get(kind, "mock") if isinstance(kind, str) else "mock"
