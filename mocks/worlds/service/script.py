"""What the model says to a user of a service."""

from __future__ import annotations

import re

from mocks.model import Reply, Request
from mocks.worlds.service.marks import marks_in, user_of

ROLE = "chat"

LATENCY_S = 1.1
FIRST_TOKEN_S = 0.43
PER_TOKEN_S = 0.07
"""Usual seconds to a whole answer, to the first word of a streamed one, and between its words: no
usual time-out or pause is a multiple of them."""

REPLY_BYTES = 120
"""About what the model usually says: some 20 words, each an event of a stream."""

_WORDS = (
    "Let us look at it step by step. First we say what is given and what is asked for, then we "
    "take the smallest case, and only after that the whole of it. Try it and tell me what you see. "
)

_HEARD = re.compile(r"I know (\d+) of your messages")


def reply_text(mark: str, known: int, size: int = REPLY_BYTES) -> str:
    """A reply of about ``size`` characters that carries ``mark`` and says how many of the user's
    messages the prompt held."""
    said = f"{mark} I know {known} of your messages. "
    return (said + _WORDS * (size // len(_WORDS) + 1))[: max(size, len(said))].rstrip()


def known_in(text: str) -> int | None:
    """How many of the user's messages the model knew when it said this; ``None`` if it does not
    say: a service that keeps a conversation for its user has lost it where these are too few."""
    found = _HEARD.search(text)
    return int(found[1]) if found else None


class Script:
    """The mock model's replies (a ``Replies`` for ``mocks.model.Model``): each carries the mark of
    the request that its prompt is about, so that a reply for somebody else is recognised."""

    def __init__(self, *, reply_bytes: int = REPLY_BYTES) -> None:
        self._size = reply_bytes

    def __call__(self, request: Request, /) -> Reply:
        whose = user_of(request.mark)
        own = {mark for mark in marks_in(request.prompt) if user_of(mark) == whose}
        return Reply(reply_text(request.mark, len(own), self._size))


def mark_in(prompt: str) -> str:
    """The mark of the request that a prompt is about: the last one; empty if there is none."""
    return next(reversed(marks_in(prompt)), "")
