"""Who measures which commit: each worker one at a time, until all are measured.

A worker is trusted once it has said the right things of itself and measured the control sample
rightly; it has to do that again after every ``PROVED_EVERY`` commits, and at the end. Whoever
cannot be believed gets nothing more, and what it has delivered since it was last believed is
measured elsewhere. What a worker was at that dies or is silent for too long goes to another one.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from unladen.errors import UserError
from unladen.measure.cluster.crew import Assignment, Dispatched, Task, Trust, Worker
from unladen.measure.cluster.messages import (
    Content,
    Delivery,
    Failed,
    Introduction,
    Kit,
    Order,
    Reply,
)
from unladen.measure.cluster.transport import Transport

PROVED_EVERY = 16
"""Commits after which a worker measures the control sample again."""

STRIKES = 2
"""Orders in a row that a worker may fail to carry out."""

TRIES = 3
"""Workers that may fail to measure a commit before it is left out."""

DEATHS = 5
"""Workers that may die while they measure a commit before it is left out."""


@dataclass(frozen=True)
class Limits:
    """Seconds. ``introduction``: for a worker to say what it is; ``commit``: to measure one, and
    ``grace`` beyond, in which it has to say that it took too long; ``workers``: without any worker
    that can be used."""

    introduction: float = 120.0
    commit: float = 3600.0
    grace: float = 120.0
    workers: float = 60.0


class Judge(Protocol):
    """What has to be known of what is measured. Complaints are one line, "" if there is none."""

    @property
    def kit(self) -> Kit:
        """What a worker measures with."""

    @property
    def control(self) -> Assignment:
        """What each worker has to measure rightly."""

    def order(self, assignment: Assignment) -> Order:
        """What a worker is asked for."""

    def of_introduction(self, said: Introduction) -> str:
        """Why a worker cannot be used."""

    def receive(self, order: Order, delivery: Delivery, is_control: bool) -> str:
        """Keep what was delivered, unless it is the control sample. Gives why it cannot be
        believed, and then nothing is kept."""

    def take_back(self, order: Order) -> None:
        """Remove what was kept."""


class Dispatcher:
    """Sends assignments to workers until none is left. ``tell``: gets a line for each thing that
    happens; ``clock``: seconds."""

    def __init__(
        self,
        transport: Transport,
        judge: Judge,
        assignments: Sequence[Assignment],
        limits: Limits,
        tell: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
        tell_more: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Nothing is sent before ``run``. ``tell_more``: gets what few want to know."""
        self._transport = transport
        self._judge = judge
        self._limits = limits
        self._tell = tell
        self._clock = clock
        self._tell_more = tell_more
        self._queue = deque(assignments)
        self._total = len(assignments)
        self._tried: dict[str, set[str]] = {}
        self._deaths: dict[str, int] = {}
        self._workers: dict[str, Worker] = {}
        self._all: list[Worker] = []
        self._stored: set[str] = set()
        self._left: dict[str, str] = {}
        self._useful_at = clock()
        self._cpu = 0.0

    def run(self, pause: float = 1.0) -> Dispatched:
        """Until all is measured or left out. ``pause``: seconds between two looks at who is there.

        Raises ``UserError`` if there is no worker left to measure the rest; what is stored stays.
        """
        while self._is_work_left():
            self._look_around()
            self._assign()
            for answer in self._transport.answers(pause):
                self._take(answer)
        return self.outcome()

    def outcome(self) -> Dispatched:
        """What has come of it so far."""
        return Dispatched(len(self._stored), dict(self._left), [*self._all], self._cpu)

    def _is_work_left(self) -> bool:
        usable = [one for one in self._workers.values() if one.is_usable]
        return bool(self._queue) or any(
            one.unproved or (one.task and one.task.assignment) for one in usable
        )

    # Who is there.

    def _look_around(self) -> None:
        there = self._transport.workers()
        now = self._clock()
        for name, called in there.items():
            if name not in self._workers:
                self._workers[name] = Worker(name, called)
                self._all.append(self._workers[name])
        for worker in [*self._workers.values()]:
            if worker.name not in there:
                self._lose(worker)
            elif not worker.is_usable:
                continue
            elif worker.task and now > worker.task.until:
                self._refuse(worker, f"silent for too long{_at(worker.task)}")
        if any(one.is_usable for one in self._workers.values()):
            self._useful_at = now
        elif now > self._useful_at + self._limits.workers:
            said = "; ".join(self.outcome().named[-3:])
            number = len(self._queue)
            raise UserError(
                f"no worker is left, and {number} commit{'s' * (number > 1)} "
                f"{'are' if number > 1 else 'is'} still to be measured: start workers and run the "
                f"same command again{f' ({said})' if said else ''}"
            )

    def _lose(self, worker: Worker) -> None:
        """It is not there any more; whoever gets its name now is another one."""
        del self._workers[worker.name]
        self._transport.forget(worker.name)
        if not worker.is_usable:
            return
        task, worker.task = worker.task, None
        worker.trust = Trust.GONE
        if task is None:
            return
        worker.why = f"gone{_at(task)}"
        self._tell(f"worker {worker.called}: {worker.why}")
        if task.assignment and not task.is_control:
            self._deaths[task.assignment.commit] = self._deaths.get(task.assignment.commit, 0) + 1
            if self._deaths[task.assignment.commit] >= DEATHS:
                self._leave(task.assignment, f"{DEATHS} workers died while they measured it")
            else:
                self._queue.appendleft(task.assignment)

    def _refuse(self, worker: Worker, why: str) -> None:
        """It cannot be used, and what it delivered since it was last believed is not believed."""
        task, worker.task = worker.task, None
        worker.trust = Trust.REFUSED
        worker.why = why
        self._transport.forget(worker.name)
        self._tell(f"worker {worker.called}: {why}")
        if task and task.assignment and not task.is_control:
            self._queue.appendleft(task.assignment)
        for order in worker.unproved:
            self._judge.take_back(order)
            self._stored.discard(order.commit)
            self._queue.append(Assignment(order.commit, order.series))
        worker.unproved = []

    # What they are given.

    def _assign(self) -> None:
        for worker in self._workers.values():
            if not worker.is_usable or worker.task:
                continue
            if worker.trust is Trust.NEW:
                worker.task = Task(self._clock() + self._limits.introduction)
                self._transport.introduce(worker.name, self._judge.kit)
            elif worker.trust is Trust.INTRODUCED or len(worker.unproved) >= PROVED_EVERY:
                self._send(worker, self._judge.control, is_control=True)
            elif assignment := self._next_for(worker):
                self._send(worker, assignment)
            elif worker.unproved:
                self._send(worker, self._judge.control, is_control=True)

    def _next_for(self, worker: Worker) -> Assignment | None:
        """The first that this worker has not tried. What nobody else can try is left out."""
        usable = {one.name for one in self._workers.values() if one.is_usable}
        hopeless = {commit for commit, tried in self._tried.items() if usable <= tried}
        for assignment in (
            [one for one in self._queue if one.commit in hopeless] if hopeless else ()
        ):
            self._queue.remove(assignment)
            self._leave(assignment, self._left[assignment.commit])
        for assignment in self._queue:
            if worker.name not in self._tried.get(assignment.commit, ()):
                self._queue.remove(assignment)
                return assignment
        return None

    def _send(self, worker: Worker, assignment: Assignment, *, is_control: bool = False) -> None:
        order = self._judge.order(assignment)
        until = self._clock() + order.seconds + self._limits.grace
        worker.task = Task(until, assignment, order, is_control)
        self._transport.measure(worker.name, order)
        what = "the control sample" if is_control else assignment.commit[:8]
        self._tell_more(f"{what} goes to {worker.called}")

    # What comes back.

    def _take(self, answer: Reply) -> None:
        worker = self._workers.get(answer.worker)
        if worker is None or worker.task is None or not worker.is_usable:
            return  # of somebody who was given up
        if isinstance(answer.content, Failed) and worker.name not in self._transport.workers():
            self._lose(worker)
            return
        task, worker.task = worker.task, None
        if task.order is None:
            self._take_introduction(worker, answer.content)
        elif not isinstance(answer.content, Delivery):
            self._strike(worker, task, _why(answer.content))
        elif not answer.content.files:
            self._strike(worker, task, answer.content.why)
        else:
            self._take_delivery(worker, task, task.order, answer.content)

    def _take_introduction(self, worker: Worker, said: Content) -> None:
        if isinstance(said, Introduction):
            worker.said = said
            why = self._judge.of_introduction(said)
        else:
            why = _why(said)
        if why:
            self._refuse(worker, why)
        else:
            worker.trust = Trust.INTRODUCED

    def _take_delivery(self, worker: Worker, task: Task, order: Order, delivery: Delivery) -> None:
        self._cpu += delivery.cpu
        if why := self._judge.receive(order, delivery, task.is_control):
            worker.task = task  # so that its assignment goes elsewhere
            self._refuse(worker, why)
            return
        worker.strikes = 0
        if task.is_control:
            worker.trust = Trust.TRUSTED
            worker.unproved = []
            return
        worker.unproved.append(order)
        worker.delivered += 1
        self._stored.add(order.commit)
        self._left.pop(order.commit, None)
        done = f"{len(self._stored)} of {self._total}"
        used = f", {delivery.cpu:.1f} s of CPU"
        self._tell(f"{done}: {order.commit[:8]} measured by {worker.called}{used}")

    def _strike(self, worker: Worker, task: Task, why: str) -> None:
        """A worker could not measure a commit: its fault, or the commit's."""
        assert task.assignment is not None
        worker.strikes += 1
        if task.is_control or worker.strikes >= STRIKES:
            worker.task = None if task.is_control else task
            self._refuse(worker, why)
        if task.is_control:
            return
        if worker.is_usable:
            self._queue.append(task.assignment)
        tried = self._tried.setdefault(task.assignment.commit, set())
        tried.add(worker.name)
        self._left[task.assignment.commit] = why
        if len(tried) >= TRIES:
            self._queue.remove(task.assignment)
            self._leave(task.assignment, why)

    def _leave(self, assignment: Assignment, why: str) -> None:
        self._left[assignment.commit] = why
        self._tell(f"{assignment.commit[:8]} left out: {why}")


def _why(said: object) -> str:
    return getattr(said, "why", "") or "gave an answer of another kind"


def _at(task: Task | None) -> str:
    """While it was at what, for people."""
    if task is None:
        return ""
    if task.assignment is None:
        return " while it introduced itself"
    return f" while it measured {task.assignment.commit[:8]}" + " as a control" * task.is_control
