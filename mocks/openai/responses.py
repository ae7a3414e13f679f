"""``POST /v1/responses``: OpenAI's newer protocol, whose conversations are lists of items."""

from __future__ import annotations

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


class Responses(Api):
    """See the module. Nothing is stored, so ``previous_response_id`` says nothing here."""

    path = "/responses"

    def read(self, body: bytes) -> Asked:
        """See ``Api``."""
        content = json_object(body)
        system, prompt, called = _conversation(content.get("input"))
        instructions = texts(content.get("instructions"), "instructions")
        functions = _functions(content.get("tools"))
        choice = content.get("tool_choice")
        name = choice.get("name") if isinstance(choice, dict) else None
        return Asked(
            model=text(content.get("model"), "model"),
            system="\n".join(filter(None, [instructions, system])),
            prompt=prompt,
            functions=functions,
            choice=choice_of(choice, name, functions),
            stream=switch(content.get("stream"), "stream"),
            stream_usage=True,
            called=called,
            schema=_schema(content.get("text")),
            most_tokens=count(content.get("max_output_tokens"), "max_output_tokens"),
        )

    def whole(self, asked: Asked, said: Said, numbers: Numbers) -> Content:
        """A ``response``."""
        head = _head(asked, numbers)
        return _ended(head, asked, said, _items(said, numbers))

    def telling(self, asked: Asked, numbers: Numbers) -> Telling:
        """See ``Api``."""
        return _Events(asked, numbers)


class _Events:
    """The events of a streamed response, numbered in their order."""

    def __init__(self, asked: Asked, numbers: Numbers) -> None:
        self._asked = asked
        self._numbers = numbers
        self._head = _head(asked, numbers)
        self._message = ""
        self._text: list[str] = []
        self._sent = 0

    def opening(self) -> bytes:
        begun = {**self._head, "status": "in_progress", "output": [], "usage": None}
        return self._event("response.created", response=begun) + self._event(
            "response.in_progress", response=begun
        )

    def word(self, text: str) -> bytes:
        begin = b"" if self._message else joined(self._begin_message())
        self._text.append(text)
        place = self._place()
        return begin + self._event("response.output_text.delta", **place, delta=text, logprobs=[])

    def closing(self, said: Said) -> bytes:
        return joined(self._last(said))

    def _begin_message(self) -> Iterator[bytes]:
        self._message = self._numbers.next("msg")
        item = {**_message(self._message, []), "status": "in_progress"}
        yield self._event("response.output_item.added", output_index=0, item=item)
        yield self._event("response.content_part.added", **self._place(), part=_part(""))

    def _last(self, said: Said) -> Iterator[bytes]:
        items: list[dict[str, Any]] = []
        if self._message:
            words = "".join(self._text)
            place = self._place()
            items.append(_message(self._message, [_part(words)]))
            yield self._event("response.output_text.done", **place, text=words, logprobs=[])
            yield self._event("response.content_part.done", **place, part=_part(words))
            yield self._event("response.output_item.done", output_index=0, item=items[0])
        for call in _calls(said, self._numbers):
            index, words = len(items), call["arguments"]
            items.append(call)
            begun = {**call, "arguments": "", "status": "in_progress"}
            place = {"item_id": call["id"], "output_index": index}
            yield self._event("response.output_item.added", output_index=index, item=begun)
            yield self._event("response.function_call_arguments.delta", **place, delta=words)
            yield self._event(
                "response.function_call_arguments.done", **place, arguments=words, name=call["name"]
            )
            yield self._event("response.output_item.done", output_index=index, item=call)
        ended = _ended(self._head, self._asked, said, items)
        yield self._event(f"response.{ended['status']}", response=ended)

    def _place(self) -> dict[str, Any]:
        return {"item_id": self._message, "output_index": 0, "content_index": 0}

    def _event(self, kind: str, **content: object) -> bytes:
        self._sent += 1
        return event({"type": kind, "sequence_number": self._sent - 1, **content}, kind)


def _conversation(content: object) -> tuple[str, str, tuple[str, ...]]:
    """All that the system says, all that was said otherwise, and the functions called in it."""
    if isinstance(content, str) and content:
        return "", content, ()
    if not isinstance(content, list) or not content:
        raise BadRequest("input must be a text, or a list with at least one item")
    system: list[str] = []
    others: list[str] = []
    called: list[str] = []
    for item in content:
        if not isinstance(item, dict):
            raise BadRequest("an item of the input must be an object")
        kind = item.get("type") or "message"
        if kind == "function_call":
            called.append(text(item.get("name"), "a function call's name"))
        elif kind == "function_call_output":
            others.append(texts(item.get("output"), "a function call's output"))
        elif kind == "message":
            role = text(item.get("role"), "a message's role")
            said = texts(item.get("content"), "a message's content")
            (system if role in {"system", "developer"} else others).append(said)
    return "\n".join(system), "\n".join(others), tuple(called)


def _functions(tools: object) -> tuple[Function, ...]:
    """Those of the client's own; tools that a provider has itself are not called."""
    if tools is None:
        return ()
    if not isinstance(tools, list) or not all(isinstance(tool, dict) for tool in tools):
        raise BadRequest("tools must be a list of objects")
    own = (tool for tool in tools if tool.get("type") == "function")
    return tuple(function(tool.get("name"), tool.get("parameters")) for tool in own)


def _schema(content: object) -> Content | None:
    form = content.get("format") if isinstance(content, dict) else None
    if form is None:
        return None
    if not isinstance(form, dict):
        raise BadRequest("text.format must be an object")
    return schema_of(form.get("type"), "text.format", form.get("schema"))


def _head(asked: Asked, numbers: Numbers) -> dict[str, Any]:
    functions = [
        {"type": "function", "name": f.name, "parameters": f.parameters, "strict": False}
        for f in asked.functions
    ]
    return {
        "id": numbers.next("resp"),
        "object": "response",
        "created_at": int(time.time()),
        "model": asked.model,
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "metadata": {},
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": functions,
    }


def _ended(head: Content, asked: Asked, said: Said, items: list[dict[str, Any]]) -> Content:
    used = usage(asked, said)
    ended = {
        **head,
        "status": "completed",
        "output": items,
        "usage": {
            "input_tokens": used.asked,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": used.said,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": used.total,
        },
    }
    if said.ending is Ending.LENGTH:
        ended |= {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}
    return ended


def _items(said: Said, numbers: Numbers) -> list[dict[str, Any]]:
    items = [_message(numbers.next("msg"), [_part(said.text)])] if said.text else []
    return [*items, *_calls(said, numbers)]


def _message(number: str, parts: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": number,
        "type": "message",
        "role": "assistant",
        "status": "completed",
        "content": parts,
    }


def _part(text: str) -> dict[str, Any]:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}


def _calls(said: Said, numbers: Numbers) -> list[dict[str, Any]]:
    return [
        {
            "id": numbers.next("fc"),
            "type": "function_call",
            "call_id": numbers.next("call"),
            "name": name,
            "arguments": arguments,
            "status": "completed",
        }
        for name, arguments in said.calls()
    ]
