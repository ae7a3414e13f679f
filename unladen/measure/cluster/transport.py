"""How orders get to workers and answers back, whatever carries them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from unladen.errors import UserError
from unladen.measure.cluster.messages import Kit, Order, Reply


class ClusterGoneError(UserError):
    """Nobody answers any more for the workers as a whole: one line for the user."""


class Transport(Protocol):
    """Workers, each called by a name that no other one gets, not even after its end. All methods
    may raise ``ClusterGoneError``."""

    def workers(self) -> Mapping[str, str]:
        """Those that are there now: their names, and what they are called for people."""

    def introduce(self, worker: str, kit: Kit) -> None:
        """Ask a worker for an ``Introduction``."""

    def measure(self, worker: str, order: Order) -> None:
        """Ask a worker for a ``Delivery``."""

    def answers(self, seconds: float) -> Sequence[Reply]:
        """What has come back since this was asked last; waits up to so long for the first."""

    def forget(self, worker: str) -> None:
        """Its answer is of no use any more, and it will not be asked again."""
