"""Replies as the protocol writes them: whole, in pieces, and as errors."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterator, Sequence
from typing import Any

from mocks.model import Reply, ToolCall
from mocks.openai.asked import Asked

MODEL = "unladen-mock"
"""The model that ``/v1/models`` lists. Any other name is served as well."""

_CHARACTERS_PER_TOKEN = 4
"""The usual rule of thumb for English; the mock has no tokenizer."""

_numbers = itertools.count(1)


def completion(asked: Asked, reply: Reply) -> dict[str, Any]:
    """A ``chat.completion``."""
    message: dict[str, Any] = {"role": "assistant", "content": reply.text or None, "refusal": None}
    if reply.tools:
        message["tool_calls"] = _tool_calls(reply.tools)
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": _finish(reply)}
    return {**_head(asked, "chat.completion"), "choices": [choice], "usage": _usage(asked, reply)}


def chunks(asked: Asked, reply: Reply) -> Iterator[dict[str, Any]]:
    """The ``chat.completion.chunk`` objects of a stream: word by word, then tool calls, the end,
    and the usage where it was asked for."""
    head = _head(asked, "chat.completion.chunk")

    def chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return {**head, "choices": [choice]}

    yield chunk({"role": "assistant", "content": ""})
    if reply.text:
        for index, word in enumerate(reply.text.split(" ")):
            yield chunk({"content": word if index == 0 else f" {word}"})
    for index, call in enumerate(_tool_calls(reply.tools)):
        yield chunk({"tool_calls": [{"index": index, **call}]})
    yield chunk({}, _finish(reply))
    if asked.stream_usage:
        yield {**head, "choices": [], "usage": _usage(asked, reply)}


def event(content: dict[str, Any]) -> bytes:
    """A server-sent event."""
    return b"data: " + json.dumps(content).encode() + b"\n\n"


LAST_EVENT = b"data: [DONE]\n\n"


def error(kind: str, message: str, code: str | None = None) -> dict[str, Any]:
    """An error of the given type."""
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def models() -> dict[str, Any]:
    """The answer to ``GET /v1/models``."""
    model = {"id": MODEL, "object": "model", "created": 0, "owned_by": "unladen"}
    return {"object": "list", "data": [model]}


def _head(asked: Asked, kind: str) -> dict[str, Any]:
    number = f"chatcmpl-mock-{next(_numbers)}"
    return {"id": number, "object": kind, "created": int(time.time()), "model": asked.model}


def _tool_calls(calls: Sequence[ToolCall]) -> list[dict[str, Any]]:
    return [
        {
            "id": f"call_mock_{next(_numbers)}",
            "type": "function",
            "function": {"name": call.name, "arguments": json.dumps(call.arguments)},
        }
        for call in calls
    ]


def _finish(reply: Reply) -> str:
    return "tool_calls" if reply.tools else "stop"


def _usage(asked: Asked, reply: Reply) -> dict[str, int]:
    said = reply.text + "".join(call.name + json.dumps(call.arguments) for call in reply.tools)
    schemas = "".join(f.name + json.dumps(f.parameters) for f in asked.functions)
    prompt, answer = _tokens(asked.system + asked.prompt + schemas), _tokens(said)
    return {"prompt_tokens": prompt, "completion_tokens": answer, "total_tokens": prompt + answer}


def _tokens(text: str) -> int:
    return -(-len(text) // _CHARACTERS_PER_TOKEN)
