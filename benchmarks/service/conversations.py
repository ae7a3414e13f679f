"""Conversations that a service remembers for its users: is what was said before still known?

The model says how many of the user's messages its prompt held, so the second reply of a
conversation tells whether the service knew the first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.service.asking import Asked, answers_to
from benchmarks.service.checks import reasons
from mocks.worlds.service.endpoints import Endpoint
from mocks.worlds.service.prompts import PROMPTS
from mocks.worlds.service.script import known_in
from mocks.worlds.service.traffic import ask_of
from mocks.worlds.service.users import users

USERS = 24
TURNS = 2


@dataclass(frozen=True, slots=True)
class Conversed:
    """Conversations of two messages, one of each user. ``lost``: those whose second reply is not
    one that knows the first message, because the service did not or because there is no right
    reply; ``wrong``: what is wrong with the replies, empty if nothing is."""

    lost: int
    wrong: str


async def converse(port: int, endpoint: Endpoint, numbers: Iterator[int]) -> Conversed:
    """All users say something, then each goes on, over a new connection as after a pause.
    ``numbers``: of each user's requests, which nobody may have made before."""
    done: list[Asked] = []
    first = next(numbers)
    knowing = 0
    for turn, number in enumerate((first, *(next(numbers) for _ in range(TURNS - 1))), 1):
        for user in users(USERS):
            ask = ask_of(user, number, PROMPTS[turn], conversation=first, turn=turn)
            # One at a time: of what waits together one worker may take all.
            (asked,) = await answers_to(port, endpoint, [[ask]])
            done.append(asked)
            knowing += turn == TURNS and asked.row.ok and _known(endpoint, asked) >= TURNS
            if asked.is_hopeless:
                break
    return Conversed(USERS - knowing, reasons(one.row for one in done))


def _known(endpoint: Endpoint, asked: Asked) -> int:
    """How many of the user's messages the model knew when it said this; 0 if it does not say."""
    return known_in(endpoint.words(asked.answer)) or 0
