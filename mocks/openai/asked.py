"""A client's chat-completions request, read and checked as strictly as a real endpoint does."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ROLE = "Your role: "
"""Begins the line of a prompt that names the role in which the model is asked."""

_NAMED_ROLE = re.compile(rf"^{ROLE}(\w+)", re.MULTILINE)


class BadRequest(Exception):
    """The request is not one; the message says why."""


@dataclass(frozen=True, slots=True)
class Function:
    """A tool that the client offers."""

    name: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a client wants. ``choice``: ``auto``, ``none``, ``required`` or a function's name."""

    model: str
    system: str
    prompt: str
    functions: tuple[Function, ...]
    choice: str
    stream: bool
    stream_usage: bool

    def named_role(self) -> str:
        """The role that a line of a prompt names; empty if none does."""
        named = _NAMED_ROLE.search(self.system) or _NAMED_ROLE.search(self.prompt)
        return named[1] if named else ""


def read_request(body: bytes) -> Asked:
    """Raises ``BadRequest``."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequest("the body is not JSON") from None
    if not isinstance(content, dict):
        raise BadRequest("the body is no JSON object")
    if content.get("n") not in (None, 1):
        raise BadRequest("n must be 1")
    system, prompt = _prompts(content.get("messages"))
    functions = _functions(content.get("tools"))
    options = content.get("stream_options")
    return Asked(
        model=_text(content.get("model"), "model"),
        system=system,
        prompt=prompt,
        functions=functions,
        choice=_choice(content.get("tool_choice"), functions),
        stream=_switch(content.get("stream"), "stream"),
        stream_usage=isinstance(options, dict) and options.get("include_usage") is True,
    )


def _prompts(messages: object) -> tuple[str, str]:
    """All that the system says, and all that was said otherwise."""
    if not isinstance(messages, list) or not messages:
        raise BadRequest("messages must be a list with at least one message")
    system: list[str] = []
    others: list[str] = []
    for message in messages:
        if not isinstance(message, dict):
            raise BadRequest("a message must be an object")
        role = _text(message.get("role"), "a message's role")
        is_system = role in {"system", "developer"}
        (system if is_system else others).append(_content(message.get("content")))
    return "\n".join(system), "\n".join(others)


def _content(content: object) -> str:
    if content is None:
        return ""  # an assistant's message may hold nothing but tool calls
    if isinstance(content, str):
        return content
    if isinstance(content, list) and all(isinstance(part, dict) for part in content):
        return "\n".join(part["text"] for part in content if isinstance(part.get("text"), str))
    raise BadRequest("a message's content must be a text or a list of parts")


def _functions(tools: object) -> tuple[Function, ...]:
    if tools is None:
        return ()
    if not isinstance(tools, list):
        raise BadRequest("tools must be a list")
    return tuple(map(_function, tools))


def _function(tool: object) -> Function:
    function = tool.get("function") if isinstance(tool, dict) else None
    if not isinstance(function, dict):
        raise BadRequest("a tool must be an object with a function")
    parameters = function.get("parameters") or {}
    if not isinstance(parameters, dict):
        raise BadRequest("a function's parameters must be a JSON schema")
    return Function(_text(function.get("name"), "a function's name"), parameters)


def _choice(choice: object, functions: tuple[Function, ...]) -> str:
    if choice is None:
        return "auto"
    if choice in ("auto", "none") or (choice == "required" and functions):
        return str(choice)
    function = choice.get("function") if isinstance(choice, dict) else None
    name = function.get("name") if isinstance(function, dict) else None
    if not isinstance(name, str) or name not in {function.name for function in functions}:
        raise BadRequest("tool_choice must be auto, none, required or one of the tools")
    return name


def _text(value: object, name: str) -> str:
    if not isinstance(value, str) or not value:
        raise BadRequest(f"{name} must be a text")
    return value


def _switch(value: object, name: str) -> bool:
    if value is not None and not isinstance(value, bool):
        raise BadRequest(f"{name} must be true or false")
    return value is True
