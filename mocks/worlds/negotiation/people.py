"""Seeded people: agents with profiles and unit vectors, and the demands users make.

Every demand carries a *mark* (``#d00007``; a sub-demand of it ``#d00007.1``) and every agent an
id (``a00042``). The mock model writes both into its replies, so a text that turns up in the wrong
negotiation can be recognised by its mark.
"""

from __future__ import annotations

import random
import re
import zlib
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING or find_spec("numpy"):
    import numpy as np
    import numpy.random  # here, and not by each process that is forked
    from numpy.typing import NDArray

    Vector = NDArray[np.float64]
else:
    # Only an SDK that negotiates needs vectors: others are measured without numpy in their way.
    Vector = Any

MARK = re.compile(r"#d\d{5}(?:\.\d+)?")
"""A demand's mark, wherever it stands in a text."""

AGENT = re.compile(r"a(?<=\ba)\d{5}\b")
"""An agent's id, wherever it stands in a text. It begins with a letter and not with a border, so
that a long text is searched for that letter first."""

_SKILLS = (
    "accounting", "baking", "carpentry", "choreography", "databases", "editing", "electronics",
    "event planning", "fundraising", "gardening", "illustration", "interpreting", "law",
    "marketing", "music", "photography", "plumbing", "statistics", "teaching", "web design",
)  # fmt: skip
_GOALS = (
    "open a repair café", "publish a cookbook", "run a summer school", "tour a theatre play",
    "restore a sailing boat", "map the city's trees", "start a chess club", "film a documentary",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody who can be asked for an offer."""

    id: str
    name: str
    skills: tuple[str, ...]
    bio: str

    def profile(self) -> dict[str, object]:
        """The profile as a JSON-like dictionary, new at each call."""
        return {"name": self.name, "skills": list(self.skills), "bio": self.bio}


@dataclass(frozen=True, slots=True)
class Demand:
    """What a user wants; ``id`` names the negotiation, ``mark`` stands in ``text``."""

    id: str
    mark: str
    user: str
    text: str


class People:
    """A seeded population.

    ``count`` agents with profiles of about ``profile_bytes`` bytes and unit vectors of
    ``dimensions`` numbers. Equal arguments give equal people in any process. 10,000 agents take
    a fraction of a second (vectors are one array, drawn at once).

    Raises ``ValueError`` if ``count`` is negative or above 99,999, or ``dimensions`` below 1.
    """

    def __init__(
        self, count: int, *, seed: int = 1, profile_bytes: int = 400, dimensions: int = 64
    ) -> None:
        if not 0 <= count <= 99_999:
            raise ValueError(f"a population has 0 to 99,999 agents, not {count}")
        if dimensions < 1:
            raise ValueError(f"a vector has at least one dimension, not {dimensions}")
        self.count = count
        self.seed = seed
        self.profile_bytes = profile_bytes
        self.dimensions = dimensions

    @cached_property
    def agents(self) -> dict[str, Agent]:
        """Agents by id, in the order of their ids."""
        return {agent.id: agent for agent in map(self._agent, range(1, self.count + 1))}

    @cached_property
    def vectors(self) -> dict[str, Vector]:
        """Each agent's unit vector, shape ``(dimensions,)``; views into one array."""
        drawn = np.random.default_rng(self.seed).standard_normal((self.count, self.dimensions))
        unit = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
        return dict(zip(self.agents, unit, strict=True))

    @cached_property
    def names(self) -> dict[str, str]:
        """Display name by agent id."""
        return {agent.id: agent.name for agent in self.agents.values()}

    def demands(self, count: int) -> list[Demand]:
        """The first ``count`` demands; demand ``n`` is the same whatever ``count`` is."""
        return [self.demand(number) for number in range(1, count + 1)]

    def demand(self, number: int) -> Demand:
        """Demand ``number`` (1 to 99,999)."""
        mark = f"#d{number:05}"
        goal = _GOALS[(number + self.seed) % len(_GOALS)]
        text = f"{mark} I want to {goal} and look for people who can help."
        return Demand(id=f"negotiation-{number:05}", mark=mark, user=f"u{number:05}", text=text)

    def encode(self, text: str) -> Vector:
        """A unit vector that depends on the text only (what a mock embedding model answers)."""
        drawn = np.random.default_rng(zlib.crc32(text.encode())).standard_normal(self.dimensions)
        return np.asarray(drawn / np.linalg.norm(drawn))

    def _agent(self, number: int) -> Agent:
        draw = random.Random(self.seed * 100_003 + number)
        skills = tuple(draw.sample(_SKILLS, 3))
        sentence = f"Has done {skills[0]} for {draw.randint(2, 30)} years and likes {skills[1]}. "
        bio = (sentence * (self.profile_bytes // len(sentence) + 1))[: self.profile_bytes]
        return Agent(id=f"a{number:05}", name=f"Agent {number}", skills=skills, bio=bio)
