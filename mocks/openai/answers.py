"""What the mock endpoint says: the script's replies, and calls of tools it has never heard of."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from mocks.model import Reply, Request, ToolCall
from mocks.openai.asked import Asked, Function
from mocks.worlds.negotiation.people import AGENT
from mocks.worlds.negotiation.script import OUTPUT_PLAN, Scenario, Script

_REMEMBERED = 10_000
"""Negotiations whose rounds are remembered: those that never plan would pile up."""

_DEEPEST = 20
"""Levels of a schema that are filled in."""

_EXAMPLES = {"integer": 1, "number": 1.0, "boolean": True, "null": None}


class Answers:
    """Answers by the script of one scenario, for many clients at the same time.

    A negotiation is known by its mark and is over when it plans; the same mark begins anew then.
    """

    def __init__(self, scenario: Scenario, *, reply_bytes: int = 200) -> None:
        self._scenario = scenario
        # Only a center's replies depend on what was asked before.
        self._texts = Script(Scenario.PLAN, reply_bytes=reply_bytes)
        self._scripts: OrderedDict[str, Script] = OrderedDict()
        self._lock = threading.Lock()

    def reply(self, asked: Asked, request: Request) -> Reply:
        """The script's reply to ``request``; a tool of the client's own where it must call one."""
        must_call = asked.choice in ("required", OUTPUT_PLAN)
        can_plan = OUTPUT_PLAN in request.tools and asked.choice in (
            "auto",
            "required",
            OUTPUT_PLAN,
        )
        if can_plan and (must_call or request.role == "center"):
            return self._center(asked, request._replace(role="center"))
        function = _due(asked)
        if function is not None:
            return Reply("", (ToolCall(function.name, _arguments(function.parameters)),))
        # Whoever can call no tool of ours is answered in words, whatever its role.
        role = "offer" if request.role == "center" else request.role
        return self._texts(request._replace(role=role))

    def _center(self, asked: Asked, request: Request) -> Reply:
        if asked.choice == OUTPUT_PLAN:
            request = request._replace(tools=(OUTPUT_PLAN,))
        if len(set(AGENT.findall(request.prompt))) < 2:
            return self._texts(request)  # nobody there to be asked, no pair to discover
        with self._lock:
            reply = self._script(request.mark)(request)
            if any(call.name == OUTPUT_PLAN for call in reply.tools):
                self._scripts.pop(request.mark, None)
        return reply

    def _script(self, negotiation: str) -> Script:
        script = self._scripts.pop(negotiation, None)
        if script is None:
            script = Script(self._scenario)
        self._scripts[negotiation] = script
        if len(self._scripts) > _REMEMBERED:
            self._scripts.popitem(last=False)
        return script


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
