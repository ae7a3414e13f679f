"""What a client wants of the model, whichever of the protocols it speaks, and reading it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ROLE = "Your role: "
"""Begins the line of a prompt that names the role in which the model is asked."""

_NAMED_ROLE = re.compile(rf"^{ROLE}(\w+)", re.MULTILINE)

JSON_TYPE = {"type": "object"}
"""The schema that any JSON object fits."""


class BadRequest(Exception):
    """The request is not one; the message says why."""


@dataclass(frozen=True, slots=True)
class Function:
    """A tool that the client offers."""

    name: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a client wants. ``choice``: ``auto``, ``none``, ``required`` or a function's name;
    ``called``: the functions that were called so far in the conversation; ``schema``: the JSON
    schema that the answer has to fit (``None``: it is a text); ``most_tokens``: where it is cut off
    (``None``: nowhere); ``stream_usage``: whether a stream tells its usage."""

    model: str
    system: str
    prompt: str
    functions: tuple[Function, ...]
    choice: str
    stream: bool
    stream_usage: bool
    called: tuple[str, ...] = ()
    schema: Mapping[str, Any] | None = None
    most_tokens: int | None = None

    def named_role(self) -> str:
        """The role that a line of a prompt names; empty if none does."""
        named = _NAMED_ROLE.search(self.system) or _NAMED_ROLE.search(self.prompt)
        return named[1] if named else ""


def json_object(body: bytes) -> dict[str, Any]:
    """A request's content. Raises ``BadRequest``."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequest("the body is not JSON") from None
    if not isinstance(content, dict):
        raise BadRequest("the body is no JSON object")
    return content


def text(value: object, name: str) -> str:
    """``value``, which must be a text that says something. Raises ``BadRequest``."""
    if not isinstance(value, str) or not value:
        raise BadRequest(f"{name} must be a text")
    return value


def switch(value: object, name: str) -> bool:
    """``value``, which must be true, false, or not there. Raises ``BadRequest``."""
    if value is not None and not isinstance(value, bool):
        raise BadRequest(f"{name} must be true or false")
    return value is True


def count(value: object, name: str) -> int | None:
    """``value``, which must be 1 or more, or not there. Raises ``BadRequest``."""
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise BadRequest(f"{name} must be a whole number of 1 or more")
    return value


def texts(content: object, name: str) -> str:
    """The texts of a message's content: a text itself, or a list of parts, of which some have one.
    Raises ``BadRequest``."""
    if content is None:
        return ""  # an assistant's message may hold nothing but tool calls
    if isinstance(content, str):
        return content
    if isinstance(content, list) and all(isinstance(part, dict) for part in content):
        return "\n".join(part["text"] for part in content if isinstance(part.get("text"), str))
    raise BadRequest(f"{name} must be a text or a list of parts")


def function(name: object, parameters: object) -> Function:
    """A tool. Raises ``BadRequest``."""
    schema = parameters or {}
    if not isinstance(schema, dict):
        raise BadRequest("a function's parameters must be a JSON schema")
    return Function(text(name, "a function's name"), schema)


def choice_of(choice: object, name: object, functions: tuple[Function, ...]) -> str:
    """Which tool the client wants called, ``name`` being the one that ``choice`` names. Raises
    ``BadRequest``."""
    if choice is None:
        return "auto"
    if choice in ("auto", "none") or (choice == "required" and functions):
        return str(choice)
    if not isinstance(name, str) or name not in {function.name for function in functions}:
        raise BadRequest("tool_choice must be auto, none, required or one of the tools")
    return name


def schema_of(shape: object, name: str, schema: object) -> Mapping[str, Any] | None:
    """The schema that an answer of this shape (its ``type``, and its ``schema`` where it has one)
    fits, ``None`` for a text. Raises ``BadRequest``."""
    if shape in (None, "text"):
        return None
    if shape == "json_object":
        return JSON_TYPE
    if shape != "json_schema" or not isinstance(schema, dict):
        raise BadRequest(f"{name} must be text, json_object, or json_schema with a schema")
    return schema
