"""Servers and schedulers live through runs with all that they spawn, and end with the clock."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from contextvars import Context

import pytest

from mocks.clock import Hang, LastingClock, OutOfTime
from mocks.clock.background import task_context


class Server:
    """Answers what is put into its queue, each request in a task of its own, after a second."""

    def __init__(self, seconds: float = 1.0) -> None:
        self.seconds = seconds
        self.requests: asyncio.Queue[asyncio.Future[float]] = asyncio.Queue()
        self.handlers: list[asyncio.Task[None]] = []
        self.ended_at: float | None = None

    async def serve(self) -> None:
        try:
            while True:
                request = await self.requests.get()
                self.handlers.append(asyncio.create_task(self.answer(request)))
        finally:
            self.ended_at = asyncio.get_running_loop().time()

    async def answer(self, request: asyncio.Future[float]) -> None:
        await asyncio.sleep(self.seconds)
        if not request.done():
            request.set_result(asyncio.get_running_loop().time())

    async def ask(self) -> float:
        reply: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        await self.requests.put(reply)
        return await reply


async def for_ever() -> None:
    await asyncio.get_running_loop().create_future()


def test_a_server_answers_one_run_after_the_other() -> None:
    server = Server()
    with LastingClock() as clock:
        clock.background(server.serve())
        assert clock.run(server.ask()) == 1.0
        assert clock.run(server.ask()) == 2.0
        assert server.ended_at is None
    assert server.ended_at == 2.0


def test_it_begins_with_the_next_run() -> None:
    begun: list[float] = []

    async def begin() -> None:
        begun.append(asyncio.get_running_loop().time())

    with LastingClock() as clock:
        started = clock.background(begin(), name="beginner")
        assert started.task.get_name() == "beginner"
        assert not begun
        clock.run(asyncio.sleep(2.0))
        assert begun == [0.0]


def test_what_a_server_spawned_in_a_run_outlives_it() -> None:
    server = Server(seconds=5.0)

    async def ask_and_leave() -> None:
        asking = asyncio.create_task(server.ask())
        await asyncio.sleep(1.0)
        asking.cancel()

    with LastingClock() as clock:
        clock.background(server.serve())
        clock.run(ask_and_leave())
        (handler,) = server.handlers
        assert not handler.done()
        clock.run(asyncio.sleep(10.0))
        assert handler.done()
        assert not handler.cancelled()


def test_what_a_server_spawns_in_an_empty_context_outlives_the_run_too() -> None:
    class Forgetful(Server):
        """Handles requests in no context, as uvicorn does."""

        async def serve(self) -> None:
            while True:
                request = await self.requests.get()
                create = asyncio.get_running_loop().create_task
                self.handlers.append(Context().run(create, self.answer(request)))

    server = Forgetful(seconds=5.0)

    async def leave() -> None:
        server.requests.put_nowait(asyncio.get_running_loop().create_future())
        await asyncio.sleep(1.0)

    with LastingClock() as clock:
        serving = clock.background(server.serve())
        clock.run(leave())
        (handler,) = server.handlers
        clock.run(asyncio.sleep(2.0))
        assert not handler.done()
        clock.run(asyncio.sleep(2.0))
        assert handler.done()
        assert not handler.cancelled()
        clock.run(leave())
        serving.end()
        assert server.handlers[1].cancelled(), "without backgrounds, all is a run's"


def test_timers_are_kept_or_cancelled_by_whose_they_are() -> None:
    fired: list[str] = []

    async def arm(name: str) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(3.0, fired.append, name)

    with LastingClock() as clock:
        armed = clock.background(arm("background's"))
        clock.run(arm("run's"))
        clock.run(asyncio.sleep(5.0))
        assert armed.task.done()
    assert fired == ["background's"]


def test_a_background_can_be_started_inside_a_run_and_from_a_background() -> None:
    server = Server()

    async def start(clock: LastingClock) -> None:
        clock.background(server.serve())

    with LastingClock() as clock:
        clock.run(start(clock))
        assert clock.run(server.ask()) == 1.0


def test_a_hang_is_proved_while_backgrounds_only_wait() -> None:
    server = Server()
    with LastingClock() as clock:
        clock.background(server.serve(), name="server")
        with pytest.raises(Hang) as proof:
            clock.run(for_ever())
        assert type(proof.value) is Hang
        assert [each.chain for each in proof.value.waiting] == [("for_ever",)]
        (serving,) = proof.value.background
        assert serving.task == "server"
        assert serving.chain[0] == "Server.serve"
        assert "in the background: server at" in str(proof.value)
        assert clock.run(server.ask()) == 1.0


def test_a_request_that_hangs_in_the_server_names_where() -> None:
    class Stuck(Server):
        async def answer(self, request: asyncio.Future[float]) -> None:
            await asyncio.Event().wait()

    server = Stuck()
    with LastingClock() as clock:
        clock.background(server.serve())
        with pytest.raises(Hang) as proof:
            clock.run(server.ask())
    assert "Stuck.answer" in {name for each in proof.value.background for name in each.chain}


def test_beside_timers_that_tick_a_hang_is_out_of_time() -> None:
    async def tick() -> None:
        while True:
            await asyncio.sleep(1.0)

    with LastingClock() as clock:
        clock.background(tick())
        with pytest.raises(OutOfTime):
            clock.run(for_ever(), limit=60.0)


def test_the_latest_ends_first() -> None:
    ended: list[str] = []

    async def live(name: str) -> None:
        try:
            await for_ever()
        finally:
            await asyncio.sleep(1.0)
            ended.append(name)

    with LastingClock() as clock:
        clock.background(live("database"))
        clock.background(live("server"))
        clock.run(asyncio.sleep(0.0))
        gc.collect()
    assert ended == ["server", "database"]


def test_one_can_be_ended_before_the_clock() -> None:
    first, second = Server(), Server()
    with LastingClock() as clock:
        ending = clock.background(first.serve())
        clock.background(second.serve())
        clock.run(asyncio.sleep(1.0))
        ending.end()
        ending.end()
        assert ending.task.cancelled()
        assert first.ended_at == 1.0
        assert second.ended_at is None
        assert clock.run(second.ask()) == 2.0


def test_it_cannot_be_ended_inside_a_run() -> None:
    async def end(clock: LastingClock) -> None:
        clock.end_backgrounds()

    with LastingClock() as clock:
        living = clock.background(for_ever())
        with pytest.raises(RuntimeError, match="while a loop is running"):
            clock.run(end(clock))
        assert not living.task.done()
    assert living.task.cancelled()


async def refuse() -> None:
    while True:
        try:
            await for_ever()
        except asyncio.CancelledError:
            continue


def start_one_that_refuses(error: BaseException | None = None) -> None:
    with LastingClock() as clock:
        clock.background(refuse(), name="stubborn")
        clock.run(asyncio.sleep(0.0))
        if error is not None:
            raise error


def test_one_that_refuses_to_end_is_a_hang() -> None:
    with pytest.raises(Hang) as proof:
        start_one_that_refuses()
    assert [each.task for each in proof.value.refusing] == ["stubborn"]


def test_an_interrupt_is_not_replaced_by_the_hang_of_a_background() -> None:
    with pytest.raises(KeyboardInterrupt):
        start_one_that_refuses(KeyboardInterrupt())


@pytest.mark.parametrize("make", [asyncio.Task, asyncio.tasks._PyTask])  # type: ignore[attr-defined]
def test_the_context_of_a_task_is_its_own_and_not_a_callbacks(
    make: Callable[..., asyncio.Task[None]],
) -> None:
    async def look() -> None:
        from contextvars import copy_context

        context = copy_context()
        task = make(asyncio.sleep(1.0), loop=asyncio.get_running_loop(), context=context)
        task.add_done_callback(print, context=copy_context())
        assert task_context(task) is context
        task.remove_done_callback(print)
        await task

    with LastingClock() as clock:
        clock.run(look())
