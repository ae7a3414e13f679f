"""Users who take turns: what came of each, and what it took."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.core.notes import wrong
from benchmarks.core.on_machine import Spent
from benchmarks.core.subject import own_files
from benchmarks.turns.running import Running
from meters import bytecodes, cpu
from meters.spans import peak_in_flight
from mocks.model import Span
from mocks.worlds.turns.asks import Ask, foreign_marks
from targets.protocols.turns import Runtime, Status, Taken

APART_S = 1e-5
"""Users come so many virtual seconds after each other: what comes at the very same instant has no
order, and a runtime may order turns by their time."""


@dataclass(frozen=True, slots=True)
class Session:
    """One user's session: what came of its turns; its answers, when it was loaded again."""

    user: int
    ends: Sequence[Taken]
    kept: Sequence[str] = ()

    @property
    def done(self) -> int:
        """Turns that were answered, as the runtime says."""
        return sum(end.status is Status.DONE for end in self.ends)

    @property
    def lost(self) -> int:
        """Turns that were answered, whose answers are not in the session when it is loaded."""
        answers = [end.text for end in self.ends if end.status is Status.DONE]
        kept = "\n".join(self.kept)
        return sum(answer not in kept for answer in answers)

    @property
    def foreign(self) -> int:
        """Marks of other users in answers, or in what is kept."""
        texts = [*(end.text for end in self.ends), *self.kept]
        return sum(len(foreign_marks(text, self.user)) for text in texts)

    def wrong(self) -> str:
        """The first thing that is wrong with an outcome; empty if all is as it was asked for."""
        if self.foreign:
            return f"user {self.user} has something of another user's"
        for number, end in enumerate(self.ends, 1):
            if end.status is not Status.DONE:
                return f"turn {number} of user {self.user} is {end.status.value}: {end.error[:200]}"
            if Ask(self.user, number).mark not in end.text:
                return f"turn {number} of user {self.user} is answered with {end.text[:80]!r}"
        return ""


@dataclass(frozen=True, slots=True)
class Figures:
    """What users at once took. ``makespan``: virtual seconds; ``peak``: calls to the model at the
    busiest moment; ``statements`` and ``rows``: of SQL, without those that read the sessions in the
    end; ``failed``: turns that were not answered; ``lost``, ``foreign``: see ``Session``;
    ``remarks``: what a reader must know, a line each."""

    makespan: float
    peak: int
    statements: int
    rows: int
    failed: int
    lost: int
    foreign: int
    remarks: str


async def _user(runtime: Runtime, session: str, user: int, turns: int) -> Session:
    await asyncio.sleep(user * APART_S)
    ends = [await runtime.turn(session, Ask(user, number)) for number in range(1, turns + 1)]
    return Session(user, ends)


async def at_once(runtime: Runtime, keys: Sequence[str], turns: int) -> list[Session]:
    """Each session's user takes so many turns, one after the other; all users at once."""
    users = (_user(runtime, key, user, turns) for user, key in enumerate(keys, 1))
    return list(await asyncio.gather(*users))


async def begun(runtime: Runtime, users: int) -> list[str]:
    """A session for each user."""
    return [await runtime.begin(user) for user in range(1, users + 1)]


async def found_again(
    runtime: Runtime, keys: Sequence[str], sessions: Sequence[Session]
) -> list[Session]:
    """The same, with what is kept of each."""
    return [
        Session(session.user, session.ends, await runtime.kept(key))
        for key, session in zip(keys, sessions, strict=True)
    ]


def measure(users: int, turns: int) -> Figures:
    """All figures of so many users with so many turns each."""
    with Running() as running:
        on, runtime = running.on, running.runtime
        keys = on.run(begun(runtime, users))
        running.world.clear()
        before = Spent.on(on, running.rows)
        sessions = on.run(at_once(runtime, keys, turns))
        spent = Spent.on(on, running.rows).since(before, digits=3)
        peak = peak_in_flight(spans(running))
        sessions = on.run(found_again(runtime, keys, sessions))
        tell(sessions)
        remarks = "\n".join(running.on.remarks())
    return Figures(
        makespan=spent.seconds,
        peak=peak,
        statements=spent.statements,
        rows=spent.rows,
        failed=sum(turns - session.done for session in sessions),
        lost=sum(session.lost for session in sessions),
        foreign=sum(session.foreign for session in sessions),
        remarks=remarks,
    )


def own_bytecodes(users: int, turns: int) -> int:
    """Bytecodes that the SDK executes in its own files for the same."""
    with Running() as running:
        on, runtime = running.on, running.runtime
        on.run(at_once(runtime, on.run(begun(runtime, 1)), 1))  # imports and caches are warm
        keys = on.run(begun(runtime, users))
        with running.traced():
            counted = bytecodes.count(
                lambda: on.run(at_once(runtime, keys, turns)), inside=own_files()
            )
        tell(counted.result)
    return counted.inside


def cpu_per_turn(users: int, turns: int) -> float:
    """CPU seconds of the same, divided by the number of turns."""
    with Running() as running:
        on, runtime = running.on, running.runtime
        on.run(at_once(runtime, on.run(begun(runtime, 1)), 1))
        keys = on.run(begun(runtime, users))
        timed = cpu.cpu_seconds(lambda: on.run(at_once(runtime, keys, turns)))
        tell(timed.result)
    return timed.seconds / (users * turns)


def spans(running: Running) -> list[Span]:
    """The calls to the model: all could run at the same time."""
    calls = running.world.model.calls
    return [Span("", 0, call.queued, call.started, call.ended) for call in calls]


def tell(sessions: Sequence[Session]) -> None:
    """Say beside the value what is wrong with the outcomes."""
    if said := next(filter(None, (session.wrong() for session in sessions)), ""):
        wrong(said)
