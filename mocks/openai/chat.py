"""``POST /v1/chat/completions``: OpenAI's protocol, which most servers and clients speak."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

from mocks.openai.api import Api, Content, Telling, event, joined
from mocks.openai.asked import (
    Asked,
    BadRequest,
    Function,
    choice_of,
    count,
    function,
    json_object,
    schema_of,
    switch,
    text,
    texts,
)
from mocks.openai.said import Ending, Numbers, Said, usage

_FINISH = {Ending.STOP: "stop", Ending.TOOLS: "tool_calls", Ending.LENGTH: "length"}

LAST_EVENT = b"data: [DONE]\n\n"


class Chat(Api):
    """See the module."""

    path = "/chat/completions"

    def read(self, body: bytes) -> Asked:
        """See ``Api``."""
        content = json_object(body)
        if content.get("n") not in (None, 1):
            raise BadRequest("n must be 1")
        system, prompt, called = _conversation(content.get("messages"))
        functions = _functions(content.get("tools"))
        options = content.get("stream_options")
        choice = content.get("tool_choice")
        most = count(content.get("max_completion_tokens"), "max_completion_tokens")
        return Asked(
            model=text(content.get("model"), "model"),
            system=system,
            prompt=prompt,
            functions=functions,
            choice=choice_of(choice, _name_in(choice), functions),
            stream=switch(content.get("stream"), "stream"),
            stream_usage=isinstance(options, dict) and options.get("include_usage") is True,
            called=called,
            schema=_schema(content.get("response_format")),
            most_tokens=most or count(content.get("max_tokens"), "max_tokens"),
        )

    def whole(self, asked: Asked, said: Said, numbers: Numbers) -> Content:
        """A ``chat.completion``."""
        message: dict[str, Any] = {"role": "assistant", "content": _content(said), "refusal": None}
        if said.body.tools is None:
            message["tool_calls"] = None
        elif said.body.tools:
            message["tool_calls"] = _tool_calls(said, numbers)
        choice = {
            "index": 0,
            "message": message,
            "logprobs": None,
            "finish_reason": _FINISH[said.ending],
        }
        head = _head(asked, "chat.completion", numbers)
        return {**head, "choices": [choice], "usage": _usage(asked, said)}

    def telling(self, asked: Asked, numbers: Numbers) -> Telling:
        """See ``Api``."""
        return _Chunks(asked, numbers)


class _Chunks:
    """``chat.completion.chunk`` objects."""

    def __init__(self, asked: Asked, numbers: Numbers) -> None:
        self._asked = asked
        self._numbers = numbers
        self._head = _head(asked, "chat.completion.chunk", numbers)
        self._before, _, self._after = self._chunk({"content": ""}).rpartition(b'""')

    def opening(self) -> bytes:
        return self._chunk({"role": "assistant", "content": ""})

    def word(self, text: str) -> bytes:
        return self._before + json.dumps(text).encode() + self._after

    def closing(self, said: Said) -> bytes:
        return joined(self._last(said))

    def _last(self, said: Said) -> Iterator[bytes]:
        for index, call in enumerate(_tool_calls(said, self._numbers)):
            yield self._chunk({"tool_calls": [{"index": index, **call}]})
        yield self._chunk({}, _FINISH[said.ending])
        if self._asked.stream_usage:
            yield event({**self._head, "choices": [], "usage": _usage(self._asked, said)})
        yield LAST_EVENT

    def _chunk(self, delta: Content, finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return event({**self._head, "choices": [choice]})


def _conversation(messages: object) -> tuple[str, str, tuple[str, ...]]:
    """All that the system says, all that was said otherwise, and the functions called in it."""
    if not isinstance(messages, list) or not messages:
        raise BadRequest("messages must be a list with at least one message")
    system: list[str] = []
    others: list[str] = []
    called: list[str] = []
    for message in messages:
        if not isinstance(message, dict):
            raise BadRequest("a message must be an object")
        role = text(message.get("role"), "a message's role")
        is_system = role in {"system", "developer"}
        said = texts(message.get("content"), "a message's content")
        (system if is_system else others).append(said)
        calls = message.get("tool_calls")
        called += filter(None, map(_name_in, calls if isinstance(calls, list) else ()))
    return "\n".join(system), "\n".join(others), tuple(called)


def _functions(tools: object) -> tuple[Function, ...]:
    if tools is None:
        return ()
    if not isinstance(tools, list):
        raise BadRequest("tools must be a list")
    return tuple(map(_function, tools))


def _function(tool: object) -> Function:
    content = tool.get("function") if isinstance(tool, dict) else None
    if not isinstance(content, dict):
        raise BadRequest("a tool must be an object with a function")
    return function(content.get("name"), content.get("parameters"))


def _name_in(call: object) -> str | None:
    """The name of the function that a call, or a choice, is about."""
    content = call.get("function") if isinstance(call, dict) else None
    name = content.get("name") if isinstance(content, dict) else None
    return name if isinstance(name, str) else None


def _schema(shape: object) -> Content | None:
    if shape is None:
        return None
    content = shape if isinstance(shape, dict) else {"type": shape}
    inner = content.get("json_schema")
    schema = inner.get("schema") if isinstance(inner, dict) else None
    return schema_of(content.get("type") or "", "response_format", schema)


def _content(said: Said) -> str | None:
    """Beside tool calls an empty text is null."""
    return said.body.text or (None if said.body.tools else said.body.text)


def _tool_calls(said: Said, numbers: Numbers) -> list[dict[str, Any]]:
    return [
        {
            "id": numbers.next("call"),
            "type": "function",
            "function": {"name": name, "arguments": arguments},
        }
        for name, arguments in said.calls()
    ]


def _head(asked: Asked, kind: str, numbers: Numbers) -> dict[str, Any]:
    return {
        "id": numbers.next("chatcmpl"),
        "object": kind,
        "created": int(time.time()),
        "model": asked.model,
    }


def _usage(asked: Asked, said: Said) -> Content:
    used = usage(asked, said)
    return {
        "prompt_tokens": used.asked,
        "completion_tokens": used.said,
        "total_tokens": used.total,
    }
