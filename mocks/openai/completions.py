"""Chat completions read back: whole ones and streams of server-sent events."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from mocks.model import Disconnected, ToolCall
from mocks.openai.errors import malformed
from mocks.openai.tools import Tools, read_call

_DATA = b"data:"
_END = b"[DONE]"


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that one reply was charged for."""

    tokens_in: int
    tokens_out: int


@dataclass(frozen=True, slots=True)
class Completion:
    """A reply; ``usage`` is None if the endpoint did not say. ``finish``: why it ended."""

    text: str
    tools: tuple[ToolCall, ...]
    finish: str
    usage: Usage | None


@dataclass(frozen=True, slots=True)
class Piece:
    """One event of a stream: some text, the usage of all (in one of the last), why it ended."""

    text: str
    finish: str
    usage: Usage | None


def read_completion(body: bytes, tools: Tools) -> Completion:
    """A reply that came as a whole. Raises ``EndpointError`` if it is no chat completion."""
    content = _object(body)
    choice = _first_choice(content)
    message = choice.get("message")
    if not isinstance(message, dict):
        raise malformed("its choice has no message")
    calls = message.get("tool_calls") or []
    if not isinstance(calls, list):
        raise malformed("its tool_calls are no list")
    return Completion(
        text=_text(message),
        tools=tuple(_tool_call(tools, call) for call in calls),
        finish=str(choice.get("finish_reason") or ""),
        usage=_usage(content),
    )


async def read_stream(next_line: Callable[[], Awaitable[bytes]]) -> AsyncIterator[Piece]:
    """The pieces of a streamed reply, of which ``next_line`` gives line by line (empty: the end).

    Raises ``EndpointError`` if it is no chat completion, ``Disconnected`` if it stops before
    ``[DONE]``.
    """
    while line := await next_line():
        if not line.startswith(_DATA):
            continue  # blank lines part the events; comments and other fields say nothing to us
        data = line[len(_DATA) :].strip()
        if data == _END:
            return
        content = _object(data)
        choice = _first_choice(content) if content.get("choices") else {}
        delta = choice.get("delta") or {}
        if not isinstance(delta, dict):
            raise malformed("its choice has no delta")
        yield Piece(_text(delta), str(choice.get("finish_reason") or ""), _usage(content))
    raise Disconnected("the endpoint's stream stopped before its end")


def _object(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise malformed("it is not JSON") from None
    if not isinstance(content, dict):
        raise malformed("it is no JSON object")
    if "error" in content and "choices" not in content:
        raise malformed("it is an error with status 200")
    return content


def _first_choice(content: dict[str, Any]) -> dict[str, Any]:
    choices = content.get("choices")
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        raise malformed("it has no choices")
    return choices[0]


def _text(message: dict[str, Any]) -> str:
    text = message.get("content") or ""
    if not isinstance(text, str):
        raise malformed("its content is no text")
    return text


def _tool_call(tools: Tools, call: object) -> ToolCall:
    function = call.get("function") if isinstance(call, dict) else None
    if not isinstance(function, dict):
        raise malformed("its tool call has no function")
    name, arguments = function.get("name"), function.get("arguments")
    if not isinstance(name, str) or not isinstance(arguments, str):
        raise malformed("its tool call has no name or no arguments")
    try:
        return read_call(tools, name, arguments)
    except ValueError as error:
        raise malformed(str(error)) from None


def _usage(content: dict[str, Any]) -> Usage | None:
    usage = content.get("usage")
    if not isinstance(usage, dict):
        return None
    tokens_in, tokens_out = usage.get("prompt_tokens"), usage.get("completion_tokens")
    if not (isinstance(tokens_in, int) and isinstance(tokens_out, int)):
        return None
    return Usage(tokens_in, tokens_out) if min(tokens_in, tokens_out) >= 0 else None
