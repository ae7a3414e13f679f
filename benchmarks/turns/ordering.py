"""One thing that is wanted of a turn, played with a runtime of its own: what becomes of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from benchmarks.core.subject import is_own_error
from benchmarks.turns.running import ALLOWED, Running
from mocks.model import Call
from mocks.worlds.turns.asks import Ask
from mocks.worlds.turns.orders import Kept, Order
from mocks.worlds.turns.script import LATENCY_S
from mocks.worlds.turns.trouble import Trouble
from targets.protocols.turns import NO_WISH, Runtime, Status, Taken, Wish

PATIENCE_S = 150.0
"""Virtual seconds after which a turn is said never to end: runtimes give a call half a minute, and
try it again."""

TIMEOUT_S = 5.0
SOON_S = 0.5
"""How much later than wanted is still in time: a poll may have to come."""

PAUSE_S = 0.23
"""Between two things that users do, one after the other."""

FIRST, SECOND, THIRD, LAST = Ask(1, 1), Ask(2, 1), Ask(3, 1), Ask(9, 1)

End = Taken | Exception | None
"""How a turn ended: with an error, or not at all (``None``)."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of it; virtual ``seconds`` until the turn ended that it is about, from when it
    was asked for (``None``: it did not); ``said``: what happened, a line."""

    kept: Kept
    seconds: float | None
    said: str


class Turn:
    """A turn that was asked for and goes on by itself."""

    def __init__(self, runtime: Runtime, session: str, ask: Ask, wish: Wish = NO_WISH) -> None:
        self.ask = ask
        self._loop = asyncio.get_running_loop()
        self._asked = self._loop.time()
        self._ended: float | None = None
        self._task = self._loop.create_task(runtime.turn(session, ask, wish))
        self._task.add_done_callback(self._note_end)

    async def end(self) -> End:
        """How it ends, or that it does not in good time."""
        done, _ = await asyncio.wait([self._task], timeout=PATIENCE_S)
        if not done:
            self._task.remove_done_callback(self._note_end)
            self._task.cancel()
            return None
        error = self._task.exception()
        if error is not None and not isinstance(error, Exception):
            raise error
        return error or self._task.result()

    @property
    def seconds(self) -> float | None:
        """From its asking to its end."""
        return None if self._ended is None else round(self._ended - self._asked, 6)

    def _note_end(self, _: asyncio.Task[Taken]) -> None:
        self._ended = self._loop.time()


Play = Callable[["Scene"], Coroutine[Any, Any, Result]]


class Scene:
    """A runtime with a session for each of three users, and the log of its model."""

    def __init__(self, running: Running, keys: dict[int, str]) -> None:
        self.runtime = running.runtime
        self._keys = keys
        self._model = running.world.model

    def turn(self, ask: Ask, wish: Wish = NO_WISH) -> Turn:
        """Ask for a turn in its user's session."""
        return Turn(self.runtime, self._keys[ask.user], ask, wish)

    def call(self, ask: Ask) -> Call | None:
        """The first call to the model for it."""
        return next((call for call in self._model.calls if call.mark == ask.mark), None)


def play(order: Order) -> Result:
    """Play it. A turn of somebody else must be answered afterwards."""
    play, allowed, trouble = _PLAYS[order]
    with Running(allowed=allowed, faults=trouble) as running:
        users = (FIRST.user, SECOND.user, THIRD.user, LAST.user)

        async def played() -> Result:
            keys = {user: await running.runtime.begin(user) for user in users}
            scene = Scene(running, keys)
            result = await play(scene)
            if result.kept is Kept.NEVER:
                return result
            end = await scene.turn(LAST).end()
            if isinstance(end, Taken) and end.status is Status.DONE:
                return result
            said = f"{result.kept.word}: {result.said}; afterwards {_said(end)}"
            return Result(Kept.NEVER, result.seconds, said)

        return running.on.run(played())


async def _equal(scene: Scene) -> Result:
    turns = [scene.turn(ask) for ask in (FIRST, SECOND, THIRD)]
    ends = [await turn.end() for turn in turns]
    worst = max(zip(map(_of_answer, turns, ends), turns, ends, strict=True), key=lambda one: one[0])
    return Result(worst[0], worst[1].seconds, _said(worst[2]))


async def _urgent(scene: Scene) -> Result:
    first = scene.turn(FIRST)
    await asyncio.sleep(PAUSE_S)
    usual = scene.turn(SECOND)
    await asyncio.sleep(PAUSE_S)
    urgent = scene.turn(THIRD, Wish(priority=5))
    ends = [await turn.end() for turn in (urgent, usual, first)]
    kept = max(map(_of_answer, (urgent, usual, first), ends))
    calls = scene.call(THIRD), scene.call(SECOND)
    if kept is not Kept.DONE or None in calls:
        return Result(kept, urgent.seconds, _said(ends[0]))
    if calls[0].queued < calls[1].queued:  # type: ignore[union-attr]
        return Result(Kept.DONE, urgent.seconds, "the urgent one began first")
    return Result(Kept.IGNORED, urgent.seconds, "the usual one began first")


async def _after(scene: Scene) -> Result:
    before = scene.turn(FIRST)
    await asyncio.sleep(PAUSE_S)
    then = scene.turn(SECOND, Wish(after=(FIRST,)))
    ends = await then.end(), await before.end()
    kept = _of_answer(then, ends[0])
    first, second = scene.call(FIRST), scene.call(SECOND)
    if kept is not Kept.DONE or first is None or second is None:
        return Result(kept, then.seconds, _said(ends[0]))
    if first.ended is None or second.queued < first.ended:
        return Result(Kept.IGNORED, then.seconds, "it began before the other one was done")
    return Result(Kept.DONE, then.seconds, "it began when the other one was done")


async def _after_done(scene: Scene) -> Result:
    await scene.turn(FIRST).end()
    then = scene.turn(SECOND, Wish(after=(FIRST,)))
    end = await then.end()
    return Result(_of_answer(then, end), then.seconds, _said(end))


async def _after_failed(scene: Scene) -> Result:
    before = scene.turn(FIRST)
    await asyncio.sleep(PAUSE_S)
    then = scene.turn(SECOND, Wish(after=(FIRST,)))
    end = await then.end()
    said = f"{_said(end)}; the other one: {_said(await before.end())}"
    return Result(_of_undone(then, end), then.seconds, said)


async def _fails(scene: Scene) -> Result:
    turn = scene.turn(FIRST)
    end = await turn.end()
    return Result(_of_undone(turn, end), turn.seconds, _said(end))


async def _timeout(scene: Scene) -> Result:
    turn = scene.turn(FIRST, Wish(timeout_s=TIMEOUT_S))
    end = await turn.end()
    kept = _of_undone(turn, end)
    if kept is Kept.DONE and (turn.seconds or 0.0) > TIMEOUT_S + SOON_S:
        kept = Kept.LATE
    return Result(kept, turn.seconds, _said(end))


async def _cancel(scene: Scene) -> Result:
    turn = scene.turn(FIRST)
    await asyncio.sleep(PAUSE_S)
    agreed = await scene.runtime.cancel(FIRST)
    end = await turn.end()
    await asyncio.sleep(2 * LATENCY_S)
    call = scene.call(FIRST)
    kept = _of_given_up(end, went_on=call is not None and call.outcome == "ok")
    return Result(kept, turn.seconds, f"{_agreed(agreed)}; {_said(end)}; {_called(call)}")


async def _cancel_waiting(scene: Scene) -> Result:
    before = scene.turn(FIRST)
    await asyncio.sleep(PAUSE_S)
    turn = scene.turn(SECOND)
    await asyncio.sleep(PAUSE_S)
    agreed = await scene.runtime.cancel(SECOND)
    end = await turn.end()
    await before.end()
    await asyncio.sleep(2 * LATENCY_S)
    call = scene.call(SECOND)
    kept = _of_given_up(end, went_on=call is not None)
    return Result(kept, turn.seconds, f"{_agreed(agreed)}; {_said(end)}; {_called(call)}")


_FAILING = Trouble(failing=(FIRST,))

_PLAYS: dict[Order, tuple[Play, int, Trouble | None]] = {
    Order.EQUAL: (_equal, ALLOWED, None),
    Order.URGENT: (_urgent, 1, None),
    Order.AFTER: (_after, ALLOWED, None),
    Order.AFTER_DONE: (_after_done, ALLOWED, None),
    Order.AFTER_FAILED: (_after_failed, ALLOWED, _FAILING),
    Order.FAILS: (_fails, ALLOWED, _FAILING),
    Order.TIMEOUT: (_timeout, ALLOWED, Trouble(hanging=(FIRST,))),
    Order.CANCEL: (_cancel, ALLOWED, None),
    Order.CANCEL_WAITING: (_cancel_waiting, 1, None),
}


def _of_answer(turn: Turn, end: End) -> Kept:
    """Of a turn that should be answered."""
    if isinstance(end, Taken):
        if end.status is not Status.DONE:
            return Kept.REFUSED
        return Kept.DONE if turn.ask.mark in end.text else Kept.MADE_UP
    return _of_no_result(end)


def _of_undone(turn: Turn, end: End) -> Kept:
    """Of a turn that should end without an answer, and say so."""
    if isinstance(end, Taken):
        if end.status is not Status.DONE:
            return Kept.DONE
        return Kept.IGNORED if turn.ask.mark in end.text else Kept.MADE_UP
    if isinstance(end, TimeoutError):
        return Kept.DONE
    kept = _of_no_result(end)
    return Kept.DONE if kept is Kept.REFUSED else kept


def _of_given_up(end: End, *, went_on: bool) -> Kept:
    """Of a turn that was given up."""
    if isinstance(end, Taken):
        if end.status is Status.DONE:
            return Kept.IGNORED
        return Kept.SAID if went_on else Kept.DONE
    return _of_no_result(end)


def _of_no_result(end: Exception | None) -> Kept:
    if end is None:
        return Kept.NEVER
    return Kept.REFUSED if is_own_error(end) else Kept.CRASH


def _said(end: End) -> str:
    if end is None:
        return f"it had not ended after {PATIENCE_S:g} s"
    if isinstance(end, Taken):
        told = end.error or end.text
        return f"{end.status.value}: {told[:120]}" if told else end.status.value
    return f"{type(end).__name__}: {str(end)[:160]}"


def _agreed(agreed: bool) -> str:
    return "the runtime says that it gives it up" if agreed else "the runtime says that it cannot"


def _called(call: Call | None) -> str:
    return "the model was not called" if call is None else f"the call to the model: {call.outcome}"
