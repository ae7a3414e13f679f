"""What the model says to an errand: which tools it calls, turn by turn, and what it answers."""

from __future__ import annotations

import json
from dataclasses import dataclass

from mocks.model import Reply, Request, ToolCall
from mocks.worlds.agent.errands import KEY

ROLE = "agent"
"""The role in which the model is asked."""

LATENCY_S = 1.137
"""Seconds a call to the model takes, of which no usual pause or time-out is a multiple."""

_WORDS = ("the", "ferry", "leaves", "at", "dawn", "from", "the", "old", "pier", "by", "the", "gate")


@dataclass(frozen=True, slots=True)
class Plan:
    """How an errand goes. ``turns``: the names of the tools that the model calls in each of its
    turns before it answers; ``words``: of its answer; ``items``: how many it answers with where an
    output of items is wanted, 0: it answers with words."""

    turns: tuple[tuple[str, ...], ...] = ()
    words: int = 12
    items: int = 0

    @property
    def calls(self) -> int:
        """Tool calls of all turns."""
        return sum(map(len, self.turns))

    @property
    def tools(self) -> tuple[str, ...]:
        """The tools that are called, each once."""
        return tuple(dict.fromkeys(name for turn in self.turns for name in turn))


class Script:
    """The replies of a model to errands that all go by one plan."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def __call__(self, request: Request, /) -> Reply:
        """The next tool calls, or the answer: what was called so far is read from the keys in the
        prompt, so a request that is made again is answered as before. Raises ``LookupError`` for a
        prompt without an errand."""
        if not request.mark:
            raise LookupError(f"the model is asked without an errand: {request.prompt[:80]!r}")
        found = KEY.findall(request.prompt)
        called = max(int(number) for mark, number in found if mark == request.mark)
        due = 0
        for turn in self._plan.turns:
            due += len(turn)
            if called < due:
                first = due - len(turn)
                names = enumerate(turn[called - first :], called + 1)
                calls = (ToolCall(name, {"key": _key(request.mark, n)}) for n, name in names)
                return Reply("", tuple(calls))
        return Reply(answer(self._plan, request.mark))


def answer(plan: Plan, mark: str) -> str:
    """What an errand is answered with in the end: so many words, the first of which is its own key,
    or items as JSON."""
    if plan.items:
        items = [{"key": _key(mark, n), "price": 7 * n} for n in range(1, plan.items + 1)]
        return json.dumps({"items": items})
    words = (_WORDS[n % len(_WORDS)] for n in range(plan.words - 1))
    return " ".join([_key(mark, 0), *words])


def _key(mark: str, number: int) -> str:
    return f"{mark}.{number:03}"
