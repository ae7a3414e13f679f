"""Who measures what on a cluster, with made-up workers that die, hang and lie."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from unladen.errors import UserError
from unladen.measure.cluster.crew import Assignment, Dispatched
from unladen.measure.cluster.dispatch import DEATHS, PROVED_EVERY, Dispatcher, Limits
from unladen.measure.cluster.messages import Delivery, Introduction, Kit, Order
from unladen.measure.cluster.simulation import MadeUpWorkers

LIMITS = Limits(introduction=30.0, commit=100.0, grace=20.0, workers=60.0)
CONTROL = Assignment("control", ("one",))
SEEDS = range(20)


def truth(commit: str) -> bytes:
    """The value of a commit."""
    return f"value of {commit}".encode()


@dataclass
class Bookkeeper:
    """A ``Judge`` that writes down what is stored, by commit."""

    stored: dict[str, bytes] = field(default_factory=dict)
    received: int = 0
    unwanted: str = ""

    @property
    def kit(self) -> Kit:
        return Kit("tiny", {}, b"", "digest")

    @property
    def control(self) -> Assignment:
        return CONTROL

    def order(self, assignment: Assignment) -> Order:
        return Order("digest", "tiny", assignment.commit, assignment.series, "lab", LIMITS.commit)

    def of_introduction(self, said: Introduction) -> str:
        return "has another unladen" if said.host == self.unwanted else ""

    def receive(self, order: Order, delivery: Delivery, is_control: bool) -> str:
        (file,) = delivery.files
        assert delivery.commit == order.commit
        assert file.name == f"{order.commit}.json"
        if file.record:
            return file.record.decode()
        if is_control:
            return "" if file.results == truth(order.commit) else "control: another value"
        self.received += 1
        self.stored[order.commit] = file.results
        return ""

    def take_back(self, order: Order) -> None:
        del self.stored[order.commit]


def commits(count: int) -> list[Assignment]:
    """Pieces to be measured."""
    return [Assignment(f"commit-{number}", ("one",)) for number in range(count)]


def dispatched(
    workers: MadeUpWorkers, assignments: list[Assignment], judge: Bookkeeper | None = None
) -> tuple[Dispatched, Bookkeeper, list[str]]:
    """What came of it, what was stored, and what was told."""
    book = judge or Bookkeeper()
    told: list[str] = []
    dispatcher = Dispatcher(workers, book, assignments, LIMITS, told.append, workers.clock)
    return dispatcher.run(), book, told


def all_right(assignments: list[Assignment]) -> dict[str, bytes]:
    """What has to be stored."""
    return {assignment.commit: truth(assignment.commit) for assignment in assignments}


def steadily(_worker: str, _order: Order) -> float:
    """Each order takes ten seconds."""
    return 10.0


def test_all_is_measured_once_and_everybody_works() -> None:
    workers = MadeUpWorkers(4, steadily, truth)
    assignments = commits(40)
    outcome, book, _ = dispatched(workers, assignments)
    assert book.stored == all_right(assignments)
    assert book.received == 40
    assert [one.delivered for one in outcome.workers] == [10, 10, 10, 10]
    assert (outcome.named, outcome.left) == ([], {})
    # Introduced, the control sample before and after, and ten commits in between.
    assert workers.now == pytest.approx(2 + 120, abs=2)


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_lost_when_workers_die(seed: int) -> None:
    chance = random.Random(seed)
    moments = sorted(chance.sample(range(200), 50))

    def happens(workers: MadeUpWorkers, answered: int) -> None:
        while moments and answered >= moments[0]:
            moments.pop(0)
            workers.kill(chance.choice(sorted(workers.crew)))
            workers.start()

    assignments = commits(200)
    workers = MadeUpWorkers(4, lambda *_: chance.uniform(5, 15), truth, happens)
    outcome, book, _ = dispatched(workers, assignments)
    left = {commit: why for commit, why in outcome.left.items() if f"{DEATHS} workers died" in why}
    assert left == outcome.left
    assert book.stored == all_right([one for one in assignments if one.commit not in left])
    assert all("gone while it" in line for line in outcome.named)
    assert outcome.named


@pytest.mark.parametrize("seed", SEEDS)
def test_liars_poison_nothing_and_are_named(seed: int) -> None:
    chance = random.Random(seed)
    liars = chance.sample([1, 2, 3, 4, 5, 6], 3)
    moment = {liar: chance.randrange(0, 60) for liar in liars}

    def happens(workers: MadeUpWorkers, answered: int) -> None:
        for liar in liars:
            if answered == moment[liar]:
                workers.crew[f"worker-{liar}"].lies = True

    assignments = commits(120)
    workers = MadeUpWorkers(6, lambda *_: chance.uniform(5, 15), truth, happens)
    for liar in liars:
        workers.crew[f"worker-{liar}"].lies = moment[liar] == 0
    outcome, book, _ = dispatched(workers, assignments)
    assert book.stored == all_right(assignments)
    named = [f"worker worker-{liar}: control: another value" for liar in sorted(liars)]
    assert sorted(outcome.named) == named


def test_what_a_liar_delivered_since_it_was_believed_is_measured_elsewhere() -> None:
    def happens(workers: MadeUpWorkers, answered: int) -> None:
        # Introductions, controls, and half of what is between two controls.
        if answered == 4 + PROVED_EVERY:
            workers.crew["worker-1"].lies = True

    assignments = commits(3 * PROVED_EVERY)
    workers = MadeUpWorkers(2, steadily, truth, happens)
    outcome, book, told = dispatched(workers, assignments)
    assert book.stored == all_right(assignments)
    assert book.received == len(assignments) + PROVED_EVERY
    assert outcome.named == ["worker worker-1: control: another value"]
    assert told.count("worker worker-1: control: another value") == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_who_hangs_is_named_and_its_commit_goes_elsewhere(seed: int) -> None:
    chance = random.Random(seed)

    def happens(workers: MadeUpWorkers, answered: int) -> None:
        if answered in (3, 20):
            workers.crew[f"worker-{1 if answered == 3 else 2}"].hangs = True

    assignments = commits(60)
    workers = MadeUpWorkers(4, lambda *_: chance.uniform(5, 15), truth, happens)
    outcome, book, _ = dispatched(workers, assignments)
    assert book.stored == all_right(assignments)
    assert [line[: len("worker worker-1: silent")] for line in outcome.named] == [
        "worker worker-1: silent",
        "worker worker-2: silent",
    ]


def test_another_interpreter_and_another_unladen_get_nothing() -> None:
    workers = MadeUpWorkers(3, steadily, truth)
    workers.crew["worker-1"].is_foreign = True
    assignments = commits(10)
    outcome, book, _ = dispatched(workers, assignments, Bookkeeper(unwanted="worker-2"))
    assert book.stored == all_right(assignments)
    assert sorted(outcome.named) == [
        "worker worker-1: another interpreter",
        "worker worker-2: has another unladen",
    ]
    assert [one.delivered for one in outcome.workers] == [0, 0, 10]


@dataclass
class Refusing:
    """A transport whose workers cannot measure some commits."""

    workers_there: MadeUpWorkers
    cannot: Callable[[str, str], bool]
    is_late: bool = False

    def __getattr__(self, name: str) -> object:
        return getattr(self.workers_there, name)

    def answers(self, seconds: float) -> list[object]:
        found: list[object] = []
        for answer in self.workers_there.answers(seconds):
            content = answer.content
            if isinstance(content, Delivery) and self.cannot(answer.worker, content.commit):
                said = Delivery(content.commit, content.kit, (), "no network", self.is_late, 1.0)
                found.append(type(answer)(answer.worker, said))
            else:
                found.append(answer)
        return found


def refusing(count: int, cannot: Callable[[str, str], bool]) -> MadeUpWorkers:
    """Workers that say of what they cannot measure that they have no network."""
    return Refusing(MadeUpWorkers(count, steadily, truth), cannot)  # type: ignore[return-value]


def test_a_commit_that_three_workers_cannot_measure_is_left_out_with_the_reason() -> None:
    workers = refusing(5, lambda _, commit: commit == "commit-3")
    assignments = commits(20)
    outcome, book, told = dispatched(workers, assignments)
    assert outcome.left == {"commit-3": "no network"}
    assert book.stored == all_right([one for one in assignments if one.commit != "commit-3"])
    assert (outcome.named, told.count("commit-3 left out: no network")) == ([], 1)


def test_a_worker_that_can_measure_nothing_is_named_and_leaves_nothing_out() -> None:
    workers = refusing(3, lambda worker, commit: worker == "worker-2" and commit != "control")
    assignments = commits(20)
    outcome, book, _ = dispatched(workers, assignments)
    assert book.stored == all_right(assignments)
    assert (outcome.named, outcome.left) == (["worker worker-2: no network"], {})


def test_a_commit_on_which_workers_die_is_left_out() -> None:
    def happens(workers: MadeUpWorkers, answered: int) -> None:
        del answered

    class Deadly(MadeUpWorkers):
        def measure(self, worker: str, order: Order) -> None:
            super().measure(worker, order)
            if order.commit == "commit-7":
                self.kill(worker)
                self.start()

    assignments = commits(20)
    outcome, book, _ = dispatched(Deadly(3, steadily, truth, happens), assignments)
    assert outcome.left == {"commit-7": f"{DEATHS} workers died while they measured it"}
    assert len(book.stored) == 19
    assert sum("measured commit-7"[:15] in line for line in outcome.named) == DEATHS


def test_without_a_worker_it_ends_and_says_how_to_go_on() -> None:
    def happens(workers: MadeUpWorkers, answered: int) -> None:
        if answered == 20:
            for name in sorted(workers.crew):
                workers.kill(name)

    workers = MadeUpWorkers(2, steadily, truth, happens)
    book = Bookkeeper()
    told: list[str] = []
    assignments = commits(40)
    dispatcher = Dispatcher(workers, book, assignments, LIMITS, told.append, workers.clock)
    with pytest.raises(UserError, match=r"no worker is left, and 25 commits are still"):
        dispatcher.run()
    assert dispatcher.outcome().stored == len(book.stored) == 15
    # Resuming measures what is missing, and nothing twice.
    rest = [assignment for assignment in assignments if assignment.commit not in book.stored]
    _, again, _ = dispatched(MadeUpWorkers(2, steadily, truth), rest, book)
    assert again.stored == all_right(assignments)
    assert again.received == 40
