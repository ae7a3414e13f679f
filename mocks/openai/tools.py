"""A capability's tools as function schemas, and calls of them read back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mocks.model import ToolCall


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument of a tool: a text, or (``several``) a list of texts."""

    meaning: str
    several: bool = False

    def schema(self) -> dict[str, Any]:
        """Its JSON schema."""
        text = {"type": "string"}
        kind = {"type": "array", "items": text} if self.several else text
        return {**kind, "description": self.meaning}

    def accepts(self, value: object) -> bool:
        """Whether ``value`` is what the schema says."""
        if not self.several:
            return isinstance(value, str)
        return isinstance(value, list) and all(isinstance(item, str) for item in value)


@dataclass(frozen=True, slots=True)
class Tool:
    """What a tool does and its parameters by name, all required."""

    does: str
    parameters: Mapping[str, Parameter]


Tools = Mapping[str, Tool]
"""Tools by name."""


def function_schemas(tools: Tools, names: Iterable[str]) -> list[dict[str, Any]]:
    """The ``tools`` of a chat-completions request. ``KeyError`` for one that is not there."""
    return [_function(name, tools[name]) for name in names]


def read_call(tools: Tools, name: str, arguments: str) -> ToolCall:
    """A call as the model wrote it, ``arguments`` being JSON. ``ValueError`` says what is wrong."""
    tool = tools.get(name)
    if tool is None:
        raise ValueError(f"it calls an unknown tool, {name[:40]!r}")
    given = _json_object(arguments)
    wrong = [
        parameter
        for parameter, expected in tool.parameters.items()
        if not expected.accepts(given.get(parameter))
    ]
    if wrong:
        raise ValueError(f"it calls {name} without a proper {wrong[0]!r}")
    return ToolCall(name, {parameter: given[parameter] for parameter in tool.parameters})


def _json_object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError("the arguments of its tool call are not JSON") from error
    if not isinstance(value, dict):
        raise ValueError("the arguments of its tool call are no JSON object")
    return value


def _function(name: str, tool: Tool) -> dict[str, Any]:
    parameters = {
        "type": "object",
        "properties": {key: parameter.schema() for key, parameter in tool.parameters.items()},
        "required": list(tool.parameters),
        "additionalProperties": False,
    }
    function = {"name": name, "description": tool.does, "parameters": parameters}
    return {"type": "function", "function": function}
