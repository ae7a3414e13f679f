"""Processes without address randomisation, and asyncio's registry given room."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from meters import addresses, memory
from meters.task_registry import RoomyTaskRegistry

LAUNCHER = str(Path(addresses.__file__))
ROOT = str(Path(addresses.__file__).parent.parent)

SAY = "import sys; sys.path.insert(0, {root!r}); from meters import addresses; "


def say(code: str) -> list[str]:
    return ["-c", SAY.format(root=ROOT) + code]


def allowed() -> bool:
    """Whether the kernel lets processes switch randomisation off."""
    done = subprocess.run(
        [sys.executable, LAUNCHER, *say("print(addresses.are_random())")],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip() == "False"


def test_the_launcher_passes_arguments_output_and_exit_code() -> None:
    code = "import sys; print(sys.argv[1:]); sys.exit(7)"
    done = subprocess.run(
        [sys.executable, LAUNCHER, "-c", code, "one", "two words"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "['one', 'two words']\n"
    assert done.returncode == 7


@pytest.mark.slow
@pytest.mark.skipif(not allowed(), reason="the kernel does not allow fixed addresses here")
def test_addresses_are_the_same_in_every_process_and_in_its_children() -> None:
    child = "import subprocess; subprocess.run([sys.executable, '-c', 'print(id(object()))'])"
    outputs = {
        subprocess.run(
            [sys.executable, LAUNCHER, *say(child)], capture_output=True, text=True, check=True
        ).stdout
        for _ in range(4)
    }
    assert len(outputs) == 1


@pytest.mark.slow
def test_the_registry_of_tasks_does_not_grow_in_a_measurement() -> None:
    async def many() -> None:
        await asyncio.gather(*(asyncio.sleep(0) for _ in range(50_000)))

    tracemalloc.start(4)
    try:
        with RoomyTaskRegistry():
            before = tracemalloc.take_snapshot()
            asyncio.run(many())
            after = tracemalloc.take_snapshot()
    finally:
        tracemalloc.stop()
    known = {trace.traceback for trace in before.traces}
    tables = [
        trace.size
        for trace in after.traces
        if trace.size >= 2**16
        and trace.traceback not in known
        and any("_weakrefset" in frame.filename for frame in trace.traceback)
    ]
    assert tables == []


def test_the_registry_keeps_its_tasks_and_becomes_small_again() -> None:
    async def inside() -> tuple[int, int, int]:
        task = asyncio.create_task(asyncio.sleep(0))
        outside = len(asyncio.all_tasks())
        with RoomyTaskRegistry():
            roomy = len(asyncio.all_tasks())
        after = len(asyncio.all_tasks())
        await task
        return outside, roomy, after

    assert asyncio.run(inside()) == (2, 2, 2)
    registry = RoomyTaskRegistry()
    with registry:
        pass
    assert sys.getsizeof(registry._registry.data) < 100_000


@pytest.mark.slow
def test_a_thousand_tasks_retain_the_same_bytes_every_time() -> None:
    async def many() -> None:
        await asyncio.gather(*(asyncio.sleep(0) for _ in range(1_000)))

    retained = set()
    with asyncio.Runner() as runner:
        runner.run(many())
        for _ in range(6):
            retained.add(memory.traced(lambda: runner.run(many())).retained // 4_096)
    assert retained <= {0, -1}
