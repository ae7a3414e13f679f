"""The chain of waits that a run's virtual time is made of, back from its end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from typing import Any

import pytest

from meters import bytecodes
from meters.critical_path import Wait
from meters.recorded_blocks import recording
from mocks.clock import VirtualClock, await_chain
from mocks.net import Network

Told = tuple[str, float, float]


def path_of(coroutine: Coroutine[Any, Any, Any]) -> list[Told]:
    """Function, start and end of each wait; with what the clock says it took."""
    with recording(lambda file: file == __file__) as kept, VirtualClock() as clock:
        began = clock.now
        with bytecodes.BytecodeCounter():
            clock.run(coroutine)
        lasted = clock.now - began
        (tree,) = kept.trees
        waits = tree.waits()
    assert sum(wait.end - wait.start for wait in waits) == pytest.approx(lasted)
    assert [wait.end for wait in waits[:-1]] == [wait.start for wait in waits[1:]]
    return [told(wait, began) for wait in waits]


def told(wait: Wait[Any], began: float) -> Told:
    assert wait.place is not None
    context, line = wait.place
    code = context.code
    assert code.co_firstlineno <= line <= max(at or 0 for _, _, at in code.co_lines())
    return code.co_name, round(wait.start - began, 6), round(wait.end - began, 6)


async def ask(seconds: float) -> None:
    await asyncio.sleep(seconds)


async def one_after_the_other() -> None:
    await ask(1)
    await ask(2)


async def together() -> None:
    async with asyncio.TaskGroup() as group:
        for seconds in (1, 3, 2):
            group.create_task(ask(seconds))


async def lock_held() -> None:
    lock = asyncio.Lock()

    async def user(seconds: float) -> None:
        async with lock:
            await ask(seconds)

    await asyncio.gather(user(1), user(2))


async def queue_fed() -> None:
    queue: asyncio.Queue[int] = asyncio.Queue()

    async def feed() -> None:
        await asyncio.sleep(4)
        queue.put_nowait(1)

    task = asyncio.create_task(feed())
    await queue.get()
    await ask(1)
    await task


async def callback_sets() -> None:
    loop = asyncio.get_running_loop()
    event = asyncio.Event()

    def ring() -> None:
        event.set()

    await ask(1)
    loop.call_later(2, ring)
    await event.wait()


async def timer_of_another() -> None:
    """Who comes later waits for a timer that was armed before; its own wait counts."""
    future = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_later(5, future.set_result, None)

    async def late() -> None:
        await asyncio.shield(future)

    await ask(2)
    await late()


@pytest.mark.parametrize(
    ("work", "path"),
    [
        (one_after_the_other, [("ask", 0, 1), ("ask", 1, 3)]),
        (together, [("ask", 0, 3)]),
        (lock_held, [("ask", 0, 1), ("ask", 1, 3)]),
        (queue_fed, [("feed", 0, 4), ("ask", 4, 5)]),
        (callback_sets, [("ask", 0, 1), ("callback_sets", 1, 3)]),
        (timer_of_another, [("ask", 0, 2), ("late", 2, 5)]),
    ],
)
def test_the_path_leads_through_who_was_waited_for(work: Any, path: list[Told]) -> None:
    assert path_of(work()) == path


def test_nothing_is_waited_for_where_nothing_waits() -> None:
    async def at_once() -> None:
        await asyncio.sleep(0)

    assert path_of(at_once()) == []


def test_a_task_lies_below_what_made_it() -> None:
    with recording(lambda file: file == __file__) as kept, VirtualClock() as clock:
        with bytecodes.BytecodeCounter():
            clock.run(together())
        (wait,) = kept.trees[0].waits()
    assert wait.place is not None
    above, names = wait.place[0].caller, []
    while above is not None:
        names.append(above.code.co_name)
        above = above.caller
    assert "together" in names


def served_by_somebody_else() -> Any:
    """``answer(reader, writer)``, in a file that is not this one."""
    names: dict[str, Any] = {"sleep": asyncio.sleep}
    source = """
async def answer(reader, writer):
    while line := await reader.readline():
        await sleep(float(line))
        writer.write(line)
"""
    exec(compile(source, "<server>", "exec"), names)
    return names["answer"]


def test_what_a_server_waits_for_is_waited_for_where_it_was_asked() -> None:
    async def asked(answer: Any) -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 9000)
        reader, writer = await asyncio.open_connection("127.0.0.1", 9000)
        for seconds in (2, 3):
            writer.write(f"{seconds}\n".encode())
            await answered(reader)
        writer.close()
        server.close()

    async def answered(reader: asyncio.StreamReader) -> None:
        await reader.readline()

    with recording(lambda file: file == __file__) as kept, VirtualClock() as clock:
        with Network(clock.loop), bytecodes.BytecodeCounter():
            clock.run(asked(served_by_somebody_else()))
        waits = kept.trees[0].waits()
    assert [told(wait, waits[0].start) for wait in waits] == [
        ("answered", 0, 2),
        ("answered", 2, 5),
    ]


Held = tuple[str, str, float] | None


def holds_of(coroutine: Coroutine[Any, Any, Any]) -> list[tuple[str, float, float, Held]]:
    """Function, start and end of each wait; and of the lock that something waited for meanwhile
    who holds it, who made it, and since when."""
    with recording(lambda file: file == __file__) as kept, VirtualClock() as clock:
        began = clock.now
        with bytecodes.BytecodeCounter():
            clock.run(coroutine)
        return [(*told(wait, began), held(wait, began)) for wait in kept.trees[0].waits()]


def held(wait: Wait[Any], began: float) -> Held:
    if wait.hold is None:
        return None
    assert wait.hold.place is not None
    assert wait.hold.made is not None
    places = wait.hold.place[0].code.co_name, wait.hold.made[0].code.co_name
    return *places, round(wait.hold.since - began, 6)


async def served_one_by_one(lock: asyncio.Lock, *seconds: float) -> None:
    async def user(number: int, lasts: float) -> None:
        await asyncio.sleep(number)
        async with lock:
            await ask(lasts)

    await asyncio.gather(*(user(number, lasts) for number, lasts in enumerate(seconds)))


async def with_a_lock() -> None:
    await served_one_by_one(made_lock(), 5, 2, 1)


def made_lock() -> asyncio.Lock:
    return asyncio.Lock()


async def with_a_semaphore() -> None:
    """Who asked for a place gives it up elsewhere."""
    places = asyncio.Semaphore(2)
    taken: asyncio.Queue[float] = asyncio.Queue()

    async def user(lasts: float) -> None:
        await places.acquire()
        taken.put_nowait(lasts)

    async def serve() -> None:
        await asyncio.sleep(await taken.get())
        places.release()

    async with asyncio.TaskGroup() as group:
        for lasts in (3, 4, 2):
            group.create_task(user(lasts))
            group.create_task(serve())


async def with_a_condition() -> None:
    condition = asyncio.Condition()

    async def user() -> None:
        async with condition:
            await ask(1)

    await asyncio.gather(user(), user())


async def asked_within_a_second() -> None:
    lock = made_lock()

    async def user(lasts: float) -> None:
        await asyncio.wait_for(lock.acquire(), 2)
        await ask(lasts)
        lock.release()

    await asyncio.gather(user(1), user(3))


async def nobody_waits() -> None:
    lock = made_lock()
    for _ in range(2):
        async with lock:
            await ask(1)


@pytest.mark.parametrize(
    ("work", "path"),
    [
        (
            with_a_lock,
            [
                ("ask", 0, 5, ("user", "made_lock", 1)),
                ("ask", 5, 7, ("user", "made_lock", 5)),
                ("ask", 7, 8, None),
            ],
        ),
        (
            with_a_semaphore,
            [("serve", 0, 3, ("user", "with_a_semaphore", 0)), ("serve", 3, 5, None)],
        ),
        (
            with_a_condition,
            [("ask", 0, 1, ("user", "with_a_condition", 0)), ("ask", 1, 2, None)],
        ),
        (
            asked_within_a_second,
            [("ask", 0, 1, ("user", "made_lock", 0)), ("ask", 1, 4, None)],
        ),
        (nobody_waits, [("ask", 0, 1, None), ("ask", 1, 2, None)]),
        (together, [("ask", 0, 3, None)]),
    ],
)
def test_who_holds_what_others_wait_for(
    work: Any, path: list[tuple[str, float, float, Held]]
) -> None:
    assert holds_of(work()) == path


def streamed_by_somebody_else() -> Any:
    """``answer(reader, writer)``, in a file that is not this one: two parts, a second each."""
    names: dict[str, Any] = {"sleep": asyncio.sleep}
    source = """
async def answer(reader, writer):
    while await reader.readline():
        for part in b"a\\n", b"b\\n":
            await sleep(1)
            writer.write(part)
"""
    exec(compile(source, "<server>", "exec"), names)
    return names["answer"]


async def words(lock: asyncio.Lock) -> AsyncGenerator[bytes, None]:
    async with lock:
        reader, writer = await asyncio.open_connection("127.0.0.1", 9000)
        writer.write(b"?\n")
        for _ in range(2):
            yield await reader.readline()
        writer.close()


def test_a_generator_holds_a_lock_while_a_server_streams() -> None:
    async def talk(lock: asyncio.Lock) -> None:
        async for _ in words(lock):
            pass

    async def talked(answer: Any) -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 9000)
        lock = made_lock()
        await asyncio.gather(*(talk(lock) for _ in range(3)))
        server.close()

    own = recording(lambda file: file == __file__, frames=await_chain)
    with own as kept, VirtualClock() as clock:
        with Network(clock.loop), bytecodes.BytecodeCounter():
            clock.run(talked(streamed_by_somebody_else()))
        waits = kept.trees[0].waits()
    began = waits[0].start
    assert [(*told(wait, began), held(wait, began)) for wait in waits] == [
        ("words", 0, 1, ("words", "made_lock", 0)),
        ("words", 1, 2, ("words", "made_lock", 0)),
        ("words", 2, 3, ("words", "made_lock", 2)),
        ("words", 3, 4, ("words", "made_lock", 2)),
        ("words", 4, 5, None),
        ("words", 5, 6, None),
    ]


def test_what_a_connection_reads_comes_from_who_sent_it() -> None:
    """And not from another one that runs at the same instant, after it."""

    async def asked(answer: Any) -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 9000)
        reader, writer = await asyncio.open_connection("127.0.0.1", 9000)
        await asyncio.gather(late(writer), busy())
        await reader.readline()
        writer.close()
        server.close()

    async def late(writer: asyncio.StreamWriter) -> None:
        await ask(1)
        writer.write(b"2\n")

    async def busy() -> None:
        await asyncio.sleep(0.5)
        await asyncio.sleep(0.5)

    with recording(lambda file: file == __file__) as kept, VirtualClock() as clock:
        with Network(clock.loop), bytecodes.BytecodeCounter():
            clock.run(asked(served_by_somebody_else()))
        waits = kept.trees[0].waits()
    assert [told(wait, waits[0].start) for wait in waits] == [("ask", 0, 1), ("asked", 1, 3)]
