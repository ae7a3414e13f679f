"""``POST /v1/messages``: Anthropic's protocol."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
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
from mocks.openai.said import NOTHING, Ending, Numbers, Said, usage

_REASON = {Ending.STOP: "end_turn", Ending.TOOLS: "tool_use", Ending.LENGTH: "max_tokens"}

_ERRORS = {
    400: "invalid_request_error",
    401: "authentication_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    503: "overloaded_error",
    504: "timeout_error",
}

_CHOICES = {"auto": "auto", "any": "required", "none": "none"}


class Messages(Api):
    """See the module."""

    path = "/messages"

    def read(self, body: bytes) -> Asked:
        """See ``Api``."""
        content = json_object(body)
        prompt, called = _conversation(content.get("messages"))
        functions = _functions(content.get("tools"))
        choice = content.get("tool_choice")
        named = choice if isinstance(choice, dict) else {}
        most = count(content.get("max_tokens"), "max_tokens")
        if most is None:
            raise BadRequest("max_tokens: field required")
        return Asked(
            model=text(content.get("model"), "model"),
            system=texts(content.get("system"), "system"),
            prompt=prompt,
            functions=functions,
            choice=choice_of(
                _CHOICES.get(str(named.get("type")), choice), named.get("name"), functions
            ),
            stream=switch(content.get("stream"), "stream"),
            stream_usage=True,
            called=called,
            schema=_schema(content),
            most_tokens=most,
        )

    def whole(self, asked: Asked, said: Said, numbers: Numbers) -> Content:
        """A ``message``."""
        used = usage(asked, said)
        return {
            **_head(asked, numbers),
            "content": _blocks(said, numbers),
            "stop_reason": _REASON[said.ending],
            "stop_sequence": None,
            "usage": {"input_tokens": used.asked, "output_tokens": used.said},
        }

    def telling(self, asked: Asked, numbers: Numbers) -> Telling:
        """See ``Api``."""
        return _Events(asked, numbers)

    def refusal(self, status: int, message: str, code: str | None = None) -> Content:
        """See ``Api``."""
        kind = _ERRORS.get(status, "invalid_request_error" if status < 500 else "api_error")
        return {"type": "error", "error": {"type": kind, "message": message}}


class _Events:
    """The events of a streamed message."""

    def __init__(self, asked: Asked, numbers: Numbers) -> None:
        self._asked = asked
        self._numbers = numbers
        self._has_text = False

    def opening(self) -> bytes:
        used = usage(self._asked, NOTHING).asked
        message = {
            **_head(self._asked, self._numbers),
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": {"input_tokens": used, "output_tokens": 0},
        }
        return _event("message_start", message=message)

    def word(self, text: str) -> bytes:
        begin = b"" if self._has_text else _begin(0, {"type": "text", "text": ""})
        self._has_text = True
        return begin + _delta(0, {"type": "text_delta", "text": text})

    def closing(self, said: Said) -> bytes:
        return joined(self._last(said))

    def _last(self, said: Said) -> Iterator[bytes]:
        if self._has_text:
            yield _event("content_block_stop", index=0)
        for index, (name, arguments) in enumerate(said.calls(), int(self._has_text)):
            use = {"type": "tool_use", "id": self._numbers.next("toolu"), "name": name, "input": {}}
            yield _begin(index, use)
            yield _delta(index, {"type": "input_json_delta", "partial_json": arguments})
            yield _event("content_block_stop", index=index)
        yield _event(
            "message_delta",
            delta={"stop_reason": _REASON[said.ending], "stop_sequence": None},
            usage={"output_tokens": usage(self._asked, said).said},
        )
        yield _event("message_stop")


def _begin(index: int, block: Content) -> bytes:
    return _event("content_block_start", index=index, content_block=block)


def _delta(index: int, delta: Content) -> bytes:
    return _event("content_block_delta", index=index, delta=delta)


def _event(kind: str, **content: object) -> bytes:
    return event({"type": kind, **content}, kind)


def _conversation(messages: object) -> tuple[str, tuple[str, ...]]:
    """All that was said, and the functions called in it."""
    if not isinstance(messages, list) or not messages:
        raise BadRequest("messages must be a list with at least one message")
    said: list[str] = []
    called: list[str] = []
    for message in messages:
        if not isinstance(message, dict):
            raise BadRequest("a message must be an object")
        text(message.get("role"), "a message's role")
        content = message.get("content")
        said.append(texts(content, "a message's content"))
        for block in content if isinstance(content, list) else ():
            if block.get("type") == "tool_use":
                called.append(text(block.get("name"), "a tool use's name"))
            elif block.get("type") == "tool_result":
                said.append(texts(block.get("content"), "a tool result's content"))
    return "\n".join(said), tuple(called)


def _functions(tools: object) -> tuple[Function, ...]:
    """Those of the client's own; tools that a provider has itself are not called."""
    if tools is None:
        return ()
    if not isinstance(tools, list) or not all(isinstance(tool, dict) for tool in tools):
        raise BadRequest("tools must be a list of objects")
    own = (tool for tool in tools if tool.get("type") in (None, "custom"))
    return tuple(function(tool.get("name"), tool.get("input_schema")) for tool in own)


def _schema(content: Mapping[str, Any]) -> Content | None:
    config = content.get("output_config")
    form = config.get("format") if isinstance(config, dict) else content.get("output_format")
    if form is None:
        return None
    if not isinstance(form, dict):
        raise BadRequest("output_config.format must be an object")
    return schema_of(form.get("type"), "output_config.format", form.get("schema"))


def _head(asked: Asked, numbers: Numbers) -> dict[str, Any]:
    return {
        "id": numbers.next("msg"),
        "type": "message",
        "role": "assistant",
        "model": asked.model,
    }


def _blocks(said: Said, numbers: Numbers) -> list[dict[str, Any]]:
    blocks = [{"type": "text", "text": said.text}] if said.text else []
    uses = [
        {"type": "tool_use", "id": numbers.next("toolu"), "name": name, "input": _input(arguments)}
        for name, arguments in said.calls()
    ]
    return [*blocks, *uses]


def _input(arguments: str) -> object:
    """The arguments as JSON, or as they are where they were spoilt."""
    try:
        content: object = json.loads(arguments)
    except ValueError:
        return arguments
    return content
