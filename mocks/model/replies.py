"""What the model says: replies by role, or a script read line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from mocks.model.messages import Reply, Request


class Replies(Protocol):
    """Anything that answers a request."""

    def __call__(self, request: Request, /) -> Reply: ...


class ByRole:
    """Answers by the request's role. ``LookupError`` names a role that has no answer."""

    def __init__(self, answers: Mapping[str, Callable[[Request], Reply]]) -> None:
        self._answers = dict(answers)

    def __call__(self, request: Request, /) -> Reply:
        answer = self._answers.get(request.role)
        if answer is None:
            raise LookupError(f"the mock model has no reply for role {request.role!r}")
        return answer(request)


class Scripted:
    """Answers in the given order, whoever asks. ``LookupError`` when the script has ended."""

    def __init__(self, replies: Iterable[Reply]) -> None:
        self._replies = iter(replies)
        self._given = 0

    def __call__(self, request: Request, /) -> Reply:
        reply = next(self._replies, None)
        if reply is None:
            raise LookupError(f"the mock model's script has ended after {self._given} replies")
        self._given += 1
        return reply
