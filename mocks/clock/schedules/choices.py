"""What a schedule chooses: which events come late within their instant, and how late."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

_IDLE = 1000
"""Passes of the loop after which an event is due when nothing else is left to run."""

_MOST_PASSES = 6


@dataclass(frozen=True, slots=True, order=True)
class Late:
    """How late an event comes within its instant.

    ``passes``: of the loop that come before it. ``places``: how many of the events that are due
    after it, in the canonical order, overtake it in the pass in which all of them are due.
    """

    passes: int = 0
    places: int = 0

    def __bool__(self) -> bool:
        return self != ON_TIME


ON_TIME = Late()
"""As in the canonical order."""


class Schedule(Protocol):
    """Asked once for each event that others could overtake, in the order of the run."""

    def late(self, number: int, followers: int, actor: str) -> Late:
        """How late event ``number`` (0, 1, ...) comes; ``followers`` are due at the same instant
        after it, in the canonical order; ``actor``: whose it is, "" if nobody said so."""


class Canonical:
    """Everything in the order in which it was armed."""

    def late(self, number: int, followers: int, actor: str) -> Late:
        """See ``Schedule``."""
        return ON_TIME


class Chosen:
    """Just these events come late, by their numbers; all others in the canonical order."""

    def __init__(self, deviations: Mapping[int, Late]) -> None:
        self._deviations = deviations

    def late(self, number: int, followers: int, actor: str) -> Late:
        """See ``Schedule``."""
        return self._deviations.get(number, ON_TIME)


class Seeded:
    """A seed's choices, the same in every process.

    Seeds take turns, so that a few of them try what differs most: every event by chance (seeds 1,
    5, 9, ...), a quarter of the events, a sixteenth, or all events of a fifth of the actors (of all
    events, where nobody says whose they are).
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._source = random.Random(f"schedule {seed}")
        self._share = (None, 1.0, 1 / 4, 1 / 16)[seed % 4]
        self._lags: dict[str, bool] = {}

    def late(self, number: int, followers: int, actor: str) -> Late:
        """See ``Schedule``."""
        if self._share is None:
            return self._lagging(actor)
        return self._drawn(self._share, followers)

    def _drawn(self, share: float, followers: int) -> Late:
        source = self._source
        if source.random() >= share:
            return ON_TIME
        kind = source.random()
        if followers and kind < 0.4:
            return Late(places=source.randint(1, followers))
        if kind < 0.7:
            return Late(passes=source.randint(1, _MOST_PASSES))
        return self._when_idle()

    def _lagging(self, actor: str) -> Late:
        if not actor:
            return self._when_idle() if self._source.random() < 0.2 else ON_TIME
        if actor not in self._lags:
            self._lags[actor] = random.Random(f"{self._seed} {actor}").random() < 0.2
        return self._when_idle() if self._lags[actor] else ON_TIME

    def _when_idle(self) -> Late:
        return Late(passes=_IDLE + self._source.randrange(_IDLE))
