"""What the model says to a client, before a protocol words it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from mocks.model import Reply
from mocks.openai.asked import JSON_TYPE, Asked
from mocks.openai.schemas import example
from mocks.world import Body

CHARACTERS_PER_TOKEN = 4
"""The usual rule of thumb for English; the mock has no tokenizer."""


class Ending(StrEnum):
    """Why the model stopped."""

    STOP = "stop"
    TOOLS = "tools"
    LENGTH = "length"


@dataclass(frozen=True, slots=True)
class Said:
    """An answer: its body, and why it ends there."""

    body: Body
    ending: Ending

    @property
    def text(self) -> str:
        """Its words."""
        return self.body.text or ""

    def calls(self) -> Iterator[tuple[str, str]]:
        """Its tool calls: names, and arguments as JSON (or as the text that was made of it)."""
        for name, arguments in self.body.tools or ():
            yield name, arguments if isinstance(arguments, str) else json.dumps(arguments)


def said(body: Body) -> Said:
    """An answer that was not cut off."""
    return Said(body, Ending.TOOLS if body.tools else Ending.STOP)


NOTHING = said(Body(None))
"""A message that says nothing."""


def fitted(asked: Asked, reply: Reply) -> Said:
    """The reply in the form and the length that were asked for.

    A text that has to fit a schema and doesn't stands in the schema's free texts, so that its mark
    is there as well. What is longer than ``most_tokens`` is cut off, as a real model's is.
    """
    text = reply.text
    if asked.schema is not None and not reply.tools:
        text = _in_form(text, asked)
    whole = said(Body(text, tuple(reply.tools)))
    if asked.most_tokens is None:
        return whole
    left = asked.most_tokens * CHARACTERS_PER_TOKEN
    if len(text) > left:
        return Said(Body(text[:left]), Ending.LENGTH)
    left -= len(text)
    kept: list[tuple[str, object]] = []
    for name, arguments in whole.calls():
        left -= len(name)
        if len(arguments) > left:
            return Said(Body(text, (*kept, (name, arguments[: max(left, 0)]))), Ending.LENGTH)
        kept.append((name, arguments))
        left -= len(arguments)
    return whole


def _in_form(text: str, asked: Asked) -> str:
    schema = asked.schema or JSON_TYPE
    if _has_keys(text, schema.get("required")):
        return text
    return json.dumps({"answer": text} if schema == JSON_TYPE else example(schema, text))


def _has_keys(text: str, keys: object) -> bool:
    """Whether ``text`` is a JSON object that has these keys."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return False
    wanted = keys if isinstance(keys, list) else ()
    return isinstance(content, dict) and all(key in content for key in wanted)


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of a question and of its answer."""

    asked: int
    said: int

    @property
    def total(self) -> int:
        """Both."""
        return self.asked + self.said


def usage(asked: Asked, said: Said) -> Usage:
    """What is charged, by the rule of thumb."""
    words = said.text + "".join(name + arguments for name, arguments in said.calls())
    schemas = "".join(f.name + json.dumps(f.parameters) for f in asked.functions)
    return Usage(tokens(asked.system + asked.prompt + schemas), tokens(words))


def tokens(text: str) -> int:
    """Tokens of a text, by the rule of thumb."""
    return -(-len(text) // CHARACTERS_PER_TOKEN)


@dataclass(eq=False, slots=True)
class Numbers:
    """Ids that no other answer of an endpoint has."""

    last: int = field(default=0)

    def next(self, kind: str) -> str:
        """An id, which is as long as any other of its kind."""
        self.last += 1
        return f"{kind}_mock_{self.last:08d}"
