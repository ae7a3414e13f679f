"""The traffic of a profile: who asks what when. It depends on the profile and a seed only."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mocks.worlds.service.endpoints import Ask, Kind
from mocks.worlds.service.marks import mark
from mocks.worlds.service.profiles import Profile
from mocks.worlds.service.prompts import BLOCKED, PROMPTS, Prompt
from mocks.worlds.service.users import User


@dataclass(frozen=True, slots=True)
class Step:
    """A user thinks for ``think_s``, then asks an endpoint of this kind. The first one of a
    conversation (``ask.turn`` 1) begins with nothing ``earlier``; what was said later is for
    whoever plays it to add."""

    think_s: float
    kind: Kind
    ask: Ask


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request that is due at an instant, whoever still waits."""

    at_s: float
    step: Step


def steps(profile: Profile, user: int, seed: int) -> Iterator[Step]:
    """What a user does, without an end: the first step's think time is 0, for the user comes with a
    question."""
    chance = random.Random(f"{seed}|{profile.name}|{user}")
    kinds, weights = list(profile.mix), list(profile.mix.values())
    whose = User(user)
    number = conversation = turn = length = 0
    while True:
        number += 1
        think_s = chance.uniform(*profile.think_s) if number > 1 else 0.0
        kind = chance.choices(kinds, weights)[0]
        turn += 1
        if turn > length:
            conversation, turn = conversation + 1, 1
            length = chance.randint(1, profile.conversation)
        prompt = chance.choice(BLOCKED if kind is Kind.BLOCKED else PROMPTS)
        yield Step(think_s, kind, ask_of(whose, number, prompt, conversation, turn))


def arrivals(profile: Profile, seed: int) -> Iterator[Arrival]:
    """The requests of an open profile, in their order: the times between two are exponential, the
    users take turns."""
    if profile.arrivals_per_s is None:
        raise ValueError(f"profile {profile.name} has no arrivals: its users wait for replies")
    chance = random.Random(f"{seed}|{profile.name}|arrivals")
    plans = [steps(profile, number, seed) for number in range(1, profile.users + 1)]
    at_s = 0.0
    while True:
        for plan in plans:
            at_s += chance.expovariate(profile.arrivals_per_s)
            if at_s >= profile.duration_s:
                return
            yield Arrival(at_s, next(plan))


def ask_of(
    user: User, number: int, prompt: Prompt = PROMPTS[0], conversation: int = 1, turn: int = 1
) -> Ask:
    """A user's request ``number`` with this prompt."""
    own = mark(user.number, number)
    return Ask(user, number, prompt.name, f"{prompt.text} ({own})", own, conversation, turn)


def mix_for(kinds: Sequence[Kind], mix: Mapping[Kind, float]) -> dict[Kind, float]:
    """A mix for a service that has only these kinds: what it lacks is asked as chat, or as the
    first that it has."""
    if not kinds:
        raise ValueError("a service has at least one endpoint")
    instead = Kind.CHAT if Kind.CHAT in kinds else kinds[0]
    found: dict[Kind, float] = {}
    for kind, weight in mix.items():
        asked = kind if kind in kinds else instead
        found[asked] = found.get(asked, 0) + weight
    return found
