"""Workers that are made up, on a clock of their own: what the dispatcher does with thousands of
commits and dozens of deaths is known in a second."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from unladen.measure.cluster.messages import (
    Delivery,
    Failed,
    Introduction,
    Kit,
    MeasuredFile,
    Order,
    Reply,
)

INTRODUCTION_S = 2.0
"""How long a made-up worker takes to say what it is."""


@dataclass
class MadeUpWorker:
    """``lies``: delivers wrong values, of the control sample too; ``hangs``: answers nothing any
    more; ``is_foreign``: has another interpreter, and says so in what it delivers."""

    name: str
    lies: bool = False
    hangs: bool = False
    is_foreign: bool = False


@dataclass(order=True)
class _Due:
    at: float
    number: int
    worker: str = field(compare=False)
    content: Introduction | Order = field(compare=False)


class MadeUpWorkers:
    """A ``Transport``. ``seconds``: how long a worker takes for an order; ``value``: what it finds;
    ``happens``: called after each answer, with how many there were, to kill or to start some."""

    def __init__(
        self,
        count: int,
        seconds: Callable[[str, Order], float],
        value: Callable[[str], bytes],
        happens: Callable[[MadeUpWorkers, int], None] = lambda *_: None,
    ) -> None:
        """``count``: of the workers that are there to begin with."""
        self.now = 0.0
        self.crew: dict[str, MadeUpWorker] = {}
        self.answered = 0
        self.busy = 0.0
        self._seconds = seconds
        self._value = value
        self._happens = happens
        self._due: list[_Due] = []
        self._numbers = 0
        for _ in range(count):
            self.start()

    def clock(self) -> float:
        """Made-up seconds."""
        return self.now

    def start(self) -> MadeUpWorker:
        """One more worker."""
        self._numbers += 1
        worker = MadeUpWorker(f"worker-{self._numbers}")
        self.crew[worker.name] = worker
        return worker

    def kill(self, name: str) -> None:
        """End a worker, and what it is at."""
        del self.crew[name]
        self.forget(name)

    def workers(self) -> Mapping[str, str]:
        """See ``Transport``."""
        return {name: name for name in self.crew}

    def introduce(self, worker: str, kit: Kit) -> None:
        """See ``Transport``."""
        said = Introduction(worker, 1, "", "", "", "", "", kit.digest)
        self._add(worker, INTRODUCTION_S, said)

    def measure(self, worker: str, order: Order) -> None:
        """See ``Transport``."""
        seconds = self._seconds(worker, order)
        self.busy += seconds
        self._add(worker, seconds, order)

    def answers(self, seconds: float) -> Sequence[Reply]:
        """See ``Transport``."""
        until = self.now + seconds
        if not self._due or self._due[0].at > until:
            self.now = until
            return []
        due = heapq.heappop(self._due)
        self.now = due.at
        worker = self.crew[due.worker]
        if worker.hangs:
            return []
        self.answered += 1
        answer = Reply(due.worker, self._content(worker, due.content))
        self._happens(self, self.answered)
        if due.worker not in self.crew:
            return [Reply(due.worker, Failed("the worker died"))]
        return [answer]

    def forget(self, worker: str) -> None:
        """See ``Transport``."""
        self._due = [due for due in self._due if due.worker != worker]
        heapq.heapify(self._due)

    def _add(self, worker: str, seconds: float, content: Introduction | Order) -> None:
        self._numbers += 1
        heapq.heappush(self._due, _Due(self.now + seconds, self._numbers, worker, content))

    def _content(
        self, worker: MadeUpWorker, asked: Introduction | Order
    ) -> Introduction | Delivery:
        if isinstance(asked, Introduction):
            return asked
        value = b"wrong" if worker.lies else self._value(asked.commit)
        record = b"another interpreter" if worker.is_foreign else b""
        file = MeasuredFile(f"{asked.commit}.json", value, record)
        return Delivery(asked.commit, asked.kit, (file,), "", is_late=False, cpu=1.0)
