"""Which answer a client gets: a model's own, or one that the client's request demands."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

from mocks.model import Replies, Reply, Request, ToolCall
from mocks.openai.asked import Asked, Function
from mocks.openai.behaviour import Fault
from mocks.openai.dialect import Speaker
from mocks.openai.said import NOTHING, Said, fitted
from mocks.openai.schemas import example

Answer = Callable[[Asked, Request], Reply]
"""What is answered to a client that asked so."""

Calls = Callable[[Asked, Request], Reply | None]
"""An answer of somebody who knows what the client wants, before the model's; ``None``: not this."""


@dataclass(eq=False, slots=True)
class Turn:
    """A request of a client's, while the model works on it. ``fault``: how the sending of the
    answer goes wrong."""

    asked: Asked
    said: Said | None = None
    fault: Fault | None = None


turn: ContextVar[Turn | None] = ContextVar("turn", default=None)
"""The request that this task works on."""


class ToClients:
    """The replies of a model that clients ask over HTTP: what it would say, as they want it.

    Whoever asks the model in another way gets what ``replies`` say.
    """

    def __init__(self, answer: Answer, replies: Replies | None = None) -> None:
        self._answer = answer
        self._replies = replies

    def __call__(self, request: Request, /) -> Reply:
        now = turn.get()
        if now is None:
            if self._replies is None:
                raise LookupError("this model answers nobody but clients over HTTP")
            return self._replies(request)
        if now.said is None:
            empty = now.fault is Fault.EMPTY
            now.said = NOTHING if empty else fitted(now.asked, self._answer(now.asked, request))
        return Reply(now.said.text)


def of_speaker(speaker: Speaker) -> Answer:
    """The speaker's replies; a tool of the client's own where it must call one."""

    def answer(asked: Asked, request: Request) -> Reply:
        return speaker.calls(asked, request) or _demanded(asked) or speaker.says(request)

    return answer


def of_replies(replies: Replies, calls: Calls | None = None) -> Answer:
    """What ``calls`` know, or what ``replies`` say; where those call no tool and the client says
    that one must be called, it is."""

    def answer(asked: Asked, request: Request) -> Reply:
        known = None if calls is None else calls(asked, request)
        if known is not None:
            return known
        reply = replies(request)
        return reply if reply.tools else _demanded(asked, reply.text or "mock") or reply

    return answer


def _demanded(asked: Asked, word: str = "mock") -> Reply | None:
    """The call of the tool that the client wants called, whatever the model would do."""
    function = _due(asked)
    if function is None:
        return None
    value = example({**function.parameters, "type": "object"}, word)
    return Reply("", (ToolCall(function.name, value if isinstance(value, dict) else {}),))


def _due(asked: Asked) -> Function | None:
    if asked.choice == "required":
        # One after the other, the last one again and again: it is where a run puts out its result.
        uncalled = (f for f in asked.functions if f.name not in asked.called)
        return next(uncalled, asked.functions[-1])
    return next((f for f in asked.functions if f.name == asked.choice), None)
