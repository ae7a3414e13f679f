"""What the command knows of its workers."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field

from unladen.measure.cluster.messages import Introduction, Order


class Trust(enum.Enum):
    """How far a worker is trusted."""

    NEW = "new"
    INTRODUCED = "introduced"
    TRUSTED = "trusted"
    REFUSED = "refused"
    GONE = "gone"


@dataclass(frozen=True)
class Assignment:
    """What is to be measured of one commit, by full hash: the series of these names."""

    commit: str
    series: tuple[str, ...]


@dataclass
class Task:
    """What a worker is at. ``assignment``: None where it introduces itself; ``order``: likewise;
    ``until``: when it has to have answered, by the dispatcher's clock."""

    until: float
    assignment: Assignment | None = None
    order: Order | None = None
    is_control: bool = False


@dataclass
class Worker:
    """A worker. ``called``: for people; ``unproved``: what it has delivered since it last measured
    the control sample rightly; ``strikes``: orders in a row that it could not carry out; ``said``:
    of itself, None before it has."""

    name: str
    called: str
    trust: Trust = Trust.NEW
    task: Task | None = None
    unproved: list[Order] = field(default_factory=list)
    delivered: int = 0
    strikes: int = 0
    why: str = ""
    said: Introduction | None = None

    @property
    def is_usable(self) -> bool:
        """Whether it may still be given something."""
        return self.trust not in (Trust.REFUSED, Trust.GONE)


@dataclass(frozen=True)
class Dispatched:
    """What came of it all. ``stored``: how many commits; ``left``: by commit, why it was not
    measured; ``workers``: everybody who was there."""

    stored: int
    left: dict[str, str]
    workers: Sequence[Worker]
    cpu: float

    @property
    def named(self) -> list[str]:
        """A line for each worker that something was wrong with."""
        return [f"worker {one.called}: {one.why}" for one in self.workers if one.why]
