"""Spoiling what a reply carries: what a model, or the way to it, makes of a good answer."""

from __future__ import annotations

import json
from collections.abc import Callable

from mocks.faults.case import What
from mocks.world import Body

HUGE_BYTES = 10_000_000


class NoJson(Exception):
    """This reply is plain text, so nothing can be wrong with its JSON."""


def spoilt(what: What, body: Body) -> Body:
    """``body`` as the fault leaves it. Raises ``NoJson`` where there is no JSON to spoil."""
    return _SPOIL[what](body)


def _empty(body: Body) -> Body:
    return Body("", ())


def _null(body: Body) -> Body:
    return Body(None, None)


def _prose(body: Body) -> Body:
    """The answer itself, but not in JSON, or not in a tool call."""
    if body.tools:
        return Body(f"Here is what I suggest. {_longest_string(body.tools[0][1])}", ())
    return Body(f"Here is my answer: {_longest_string(_json(body))}", ())


def _truncated(body: Body) -> Body:
    """Half of the JSON: of a tool call's arguments, which come as the text they are then."""
    if body.tools:
        return Body(body.text, tuple((tool, _half(json.dumps(a))) for tool, a in body.tools))
    _json(body)
    return Body(_half(body.text or ""), ())


def _wrong_shape(body: Body) -> Body:
    if body.tools:
        return Body(body.text, tuple((tool, [arguments]) for tool, arguments in body.tools))
    return Body(json.dumps([_json(body)]), ())


def _unknown_tool(body: Body) -> Body:
    return Body(body.text, (("launch_rocket", {"to": "the moon"}),))


def _bad_arguments(body: Body) -> Body:
    return Body(body.text, tuple((tool, {"colour": "blue"}) for tool, _ in body.tools or ()))


def _huge(body: Body) -> Body:
    if body.tools:
        return Body(body.text, tuple((tool, _grown(a)) for tool, a in body.tools))
    try:
        return Body(json.dumps(_grown(_json(body))), ())
    except NoJson:
        return Body(_grown_text(body.text or ""), ())


_SPOIL: dict[What, Callable[[Body], Body]] = {
    What.EMPTY: _empty,
    What.NULL: _null,
    What.NOT_JSON: _prose,
    What.TRUNCATED: _truncated,
    What.WRONG_SHAPE: _wrong_shape,
    What.UNKNOWN_TOOL: _unknown_tool,
    What.BAD_ARGUMENTS: _bad_arguments,
    What.HUGE: _huge,
}

BODY_FAULTS = frozenset(_SPOIL)
"""The faults of what a reply carries."""


def _json(body: Body) -> object:
    try:
        content: object = json.loads(body.text or "")
    except json.JSONDecodeError as error:
        raise NoJson from error
    return content


def _half(text: str) -> str:
    return text[: len(text) // 2]


def _strings(content: object) -> list[str]:
    if isinstance(content, str):
        return [content]
    if isinstance(content, dict):
        content = list(content.values())
    if isinstance(content, list | tuple):
        return [text for each in content for text in _strings(each)]
    return []


def _longest_string(content: object) -> str:
    return max(_strings(content), key=len, default="")


def _grown(content: object) -> object:
    """``content`` with its first text 10 MB longer."""
    if isinstance(content, str):
        return _grown_text(content)
    if isinstance(content, dict):
        first = next((key for key, value in content.items() if isinstance(value, str)), None)
        if first is None:
            return {key: _grown(value) for key, value in content.items()}
        return {**content, first: _grown_text(content[first])}
    return content


def _grown_text(text: str) -> str:
    return text + " " + ("x" * 7 + " ") * (HUGE_BYTES // 8)
