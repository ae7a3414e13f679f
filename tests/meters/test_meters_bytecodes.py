"""Executed bytecodes: exact, repeatable, attributed to files, and invisible to the program."""

import asyncio
import dis
import gc
import runpy
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from fresh_process import AGENT_LIKE_PROGRAM, printed_by

from meters import bytecodes
from meters.bytecodes import BytecodeCounter, count, count_inside


def straight(a: int, b: int) -> int:
    c = a + b
    d = c * 2
    return d - a


def loop(n: int) -> int:
    total = 0
    for i in range(n):
        total += i * 2
    return total


def numbers(n: int) -> Iterator[int]:
    yield from range(n)


def drive(coroutine: Any) -> Any:
    """Run a coroutine that only ever yields to its caller, without a loop."""
    try:
        while True:
            coroutine.send(None)
    except StopIteration as done:
        return done.value


def opnames(function: Callable[..., object]) -> list[str]:
    return [instruction.opname for instruction in dis.get_instructions(function)]


def functions_of(path: Path, source: str) -> dict[str, Any]:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source)
    return runpy.run_path(str(path))


def test_straight_code_counts_every_instruction_after_resume() -> None:
    names = opnames(straight)
    measured = count(partial(straight, 1, 2))
    assert measured.total == len(names) - names.index("RESUME") - 1
    assert measured.result == 5


def test_each_turn_of_a_loop_counts_its_instructions() -> None:
    names = opnames(loop)
    turn = names.index("JUMP_BACKWARD") - names.index("FOR_ITER") + 1
    difference = count(partial(loop, 30)).total - count(partial(loop, 10)).total
    assert difference == 20 * turn


def test_nothing_is_counted_when_nothing_runs() -> None:
    with BytecodeCounter() as counter:
        pass
    assert counter.total == 0
    assert counter.by_file() == {}


def test_reading_in_the_middle_is_not_counted() -> None:
    counter = BytecodeCounter([__file__])

    def phases() -> list[int]:
        totals = []
        for _ in range(4):
            totals.append(counter.total)
        return totals

    with counter:
        loop(10)
        before = counter.total
        assert counter.total == before
        assert counter.inside == before
        totals = phases()
    steps = {later - earlier for earlier, later in pairwise(totals)}
    assert len(steps) == 1
    assert steps.pop() < 30
    assert set(counter.by_file()) == {__file__}


def test_the_count_stays_as_it_was_at_the_end_of_the_block() -> None:
    def program() -> None:
        """Its frame goes on after the block, with a tracer set."""
        with counter:
            loop(5)

    counter = BytecodeCounter()
    program()
    total = counter.total
    loop(100)
    assert counter.total == total > 0


def test_a_frame_that_outlives_its_counter_is_not_counted_on() -> None:
    first = BytecodeCounter()

    def outliving() -> None:
        first.__exit__(None, None, None)
        with BytecodeCounter():
            loop(10)

    first.__enter__()
    outliving()
    total = first.total
    assert total < count(partial(loop, 10)).total
    assert first.total == total


def test_entering_again_starts_from_zero() -> None:
    counter = BytecodeCounter()
    with counter:
        loop(50)
    with counter:
        straight(1, 2)
    assert counter.total == count(partial(straight, 1, 2)).total


def test_inside_is_what_runs_in_the_files_below_a_prefix(tmp_path: Path) -> None:
    source = "def run(n, call=None):\n    for i in range(n): pass\n    return call and call()\n"
    sdk = functions_of(tmp_path / "sdk" / "core" / "a.py", source)["run"]
    lookalike = functions_of(tmp_path / "sdk_other" / "a.py", source)["run"]
    alone = count(partial(sdk, 40)).total
    measured = count(partial(lookalike, 7, partial(sdk, 40)), [str(tmp_path / "sdk")])
    assert measured.inside == alone
    assert measured.total > alone


def test_what_is_elsewhere_can_be_left_out() -> None:
    def work() -> None:
        asyncio.run(asyncio.sleep(0))
        loop(9)

    both, alone = count(work, [__file__]), count_inside(work, [__file__])
    assert alone.inside == alone.total == both.inside
    assert 0 < both.inside < both.total


def test_one_string_is_no_sequence_of_paths() -> None:
    with pytest.raises(TypeError, match="sequence of paths"):
        BytecodeCounter("/some/where")


def test_inside_may_be_one_file(tmp_path: Path) -> None:
    one = functions_of(tmp_path / "one.py", "def run(): return 1\n")["run"]
    two = functions_of(tmp_path / "two.py", "def run(): return 1\n")["run"]
    with BytecodeCounter([str(tmp_path / "one.py")]) as counter:
        one()
        two()
    assert counter.inside == counter.total / 2


def test_equal_code_in_two_files_is_told_apart(tmp_path: Path) -> None:
    one = functions_of(tmp_path / "one.py", "def run(): return 1\n")["run"]
    two = functions_of(tmp_path / "two.py", "def run(): return 1\n")["run"]
    assert one.__code__ == two.__code__
    with BytecodeCounter() as counter:
        one()
        two()
        two()
    by_file = counter.by_file()
    assert by_file[str(tmp_path / "two.py")] == 2 * by_file[str(tmp_path / "one.py")]


def test_prefixes_and_files_are_compared_by_their_real_path(tmp_path: Path) -> None:
    run = functions_of(tmp_path / "real" / "a.py", "def run(): return 1\n")["run"]
    (tmp_path / "link").symlink_to(tmp_path / "real")
    linked = runpy.run_path(str(tmp_path / "link" / "a.py"))["run"]
    assert count(run, [str(tmp_path / "link")]).inside > 0
    assert count(linked, [str(tmp_path / "real")]).inside > 0


def test_the_files_add_up_to_the_total() -> None:
    with BytecodeCounter([asyncio.__path__[0]]) as counter:
        asyncio.run(asyncio.sleep(0))
    by_file = counter.by_file()
    assert sum(by_file.values()) == counter.total
    in_asyncio = (n for file, n in by_file.items() if file.startswith(asyncio.__path__[0]))
    assert sum(in_asyncio) == counter.inside > 0


def test_a_generator_started_before_counts_when_it_resumes() -> None:
    started = numbers(100)
    next(started)
    with BytecodeCounter() as counter:
        list(started)
    fresh = numbers(100)
    whole = count(partial(list, fresh)).total
    assert whole - 10 <= counter.total < whole


def test_every_resumption_of_a_coroutine_counts() -> None:
    async def steps(n: int) -> int:
        for _ in range(n):
            await asyncio.sleep(0)
        return n

    ten, twenty, thirty = (
        count(partial(drive, steps(n)), [__file__, asyncio.__path__[0]]).inside
        for n in (10, 20, 30)
    )
    assert twenty - ten == thirty - twenty
    assert twenty - ten >= 10 * 10


def test_code_thrown_into_a_coroutine_counts() -> None:
    async def cleanup(n: int) -> int:
        try:
            await asyncio.sleep(0)
        finally:
            loop(n)
        return n

    def thrown_into(n: int) -> int:
        coroutine = cleanup(n)
        coroutine.send(None)
        with BytecodeCounter([__file__]) as counter, pytest.raises(KeyError):
            coroutine.throw(KeyError())
        return counter.inside

    expected = count(partial(loop, 30)).total - count(partial(loop, 10)).total
    assert thrown_into(30) - thrown_into(10) == expected


def test_only_this_thread_is_counted() -> None:
    def other() -> None:
        worker = threading.Thread(target=loop, args=(10_000,))
        worker.start()
        worker.join()

    assert count(other, [__file__]).inside < 100


def test_specialised_code_counts_as_cold_code() -> None:
    source = "def run(n):\n    d = {}\n    for i in range(n): d[i % 7] = i + len(d)\n    return d\n"
    namespace: dict[str, Any] = {}
    exec(compile(source, "<cold>", "exec"), namespace)
    cold = count(partial(namespace["run"], 50)).total
    for _ in range(2000):
        namespace["run"](50)
    assert count(partial(namespace["run"], 50)).total == cold


def test_the_trace_function_set_before_is_set_again() -> None:
    def tracer(frame: FrameType, event: str, argument: Any) -> None:
        return None

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        count(partial(loop, 3))
        after_success = sys.gettrace()
        with pytest.raises(ZeroDivisionError):
            count(lambda: 1 // 0)
        after_error = sys.gettrace()
    finally:
        sys.settrace(before)
    assert after_success is tracer
    assert after_error is tracer


@pytest.mark.parametrize("enabled", [True, False])
def test_the_collector_is_off_inside_and_restored(enabled: bool) -> None:
    was_enabled = gc.isenabled()
    (gc.enable if enabled else gc.disable)()
    try:
        inside = count(gc.isenabled).result
        assert not inside
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if was_enabled else gc.disable)()


@pytest.mark.slow
def test_fresh_processes_count_the_same_whatever_the_hash_seed() -> None:
    program = AGENT_LIKE_PROGRAM + (
        "\nwork()\n"
        "from meters.bytecodes import count\n"
        "import asyncio\n"
        "measured = count(work, [asyncio.__path__[0]])\n"
        "print(measured.total, measured.inside)\n"
    )
    printed = {printed_by(program, seed) for seed in ("0", "1", "4242", "random")}
    assert len(printed) == 1
    total, inside = map(int, printed.pop().split())
    assert total > inside > 1000


def test_the_meter_leaves_its_own_files_out() -> None:
    with BytecodeCounter() as counter:
        count(partial(loop, 3))
    assert bytecodes.__file__ not in counter.by_file()
