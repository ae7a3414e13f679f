"""What a piece of work leaves behind: nothing for nothing, and each object that is kept."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable

import pytest
from fresh_process import AGENT_LIKE_PROGRAM, printed_by

from meters.leak import Left, left_by


class Kept:
    """Something a leak could keep."""

    def __init__(self, size: int = 0) -> None:
        self.content = bytes(size)


class Slotted:
    """Without a weak reference or a dictionary."""

    __slots__ = ("other",)

    def __init__(self) -> None:
        self.other: object = None


def nothing() -> None:
    pass


def left_again_by(work: Callable[[], object], warm_up: Callable[[], object]) -> Left:
    """What work leaves behind that was measured once before. From Python 3.12 on a tracer that ran
    in this process has left some 70 bytes on each code object, which the first time settles."""
    left_by(work, warm_up)
    return left_by(work, warm_up)


@pytest.fixture(autouse=True)
def _alone() -> None:
    """Only what a test makes itself is walked over, and not all that this process holds."""
    gc.collect()
    gc.freeze()


def test_work_that_keeps_nothing_leaves_nothing() -> None:
    for _ in range(3):
        left = left_again_by(lambda: [Kept(100) for _ in range(10)], nothing)
        assert (left.bytes, left.objects, dict(left.grown)) == (0, 0, {})


@pytest.mark.parametrize("count", [1, 50])
def test_each_object_that_is_kept_is_counted_under_its_type(count: int) -> None:
    held: list[object] = []

    def keep() -> None:
        held.extend(Slotted() for _ in range(count))

    keep()
    left = left_by(keep, keep)
    assert left.grown[Slotted] == count
    assert left.objects == count
    assert left.bytes >= count * sys.getsizeof(Slotted())


def test_bytes_that_the_collector_does_not_track_are_counted_as_bytes() -> None:
    held: list[bytes] = []
    left = left_by(lambda: held.append(bytes(100_000)), nothing)
    assert left.bytes - 100_000 in range(200)
    assert left.objects == 0


def test_the_result_of_the_work_is_dropped() -> None:
    assert left_again_by(lambda: Kept(100_000), nothing).bytes == 0


def test_garbage_in_cycles_is_not_left() -> None:
    def cycle() -> None:
        first, second = Slotted(), Slotted()
        first.other, second.other = second, first

    gc.disable()
    try:
        left = left_again_by(cycle, cycle)
    finally:
        gc.enable()
    assert (left.bytes, left.objects) == (0, 0)


def test_what_the_work_replaces_is_not_left() -> None:
    last = [Kept()]

    def replace() -> None:
        last[0] = Kept(10_000)

    left = left_again_by(replace, replace)
    assert (left.bytes, left.objects) == (0, 0)


def test_what_the_work_frees_does_not_make_up_for_what_it_keeps() -> None:
    freed: list[object] = [Kept() for _ in range(20)]
    held: list[object] = []

    def swap() -> None:
        freed.clear()
        held.extend(Slotted() for _ in range(5))

    left = left_by(swap, nothing)
    assert dict(left.grown) == {Slotted: 5}


@pytest.mark.slow
def test_fresh_processes_find_the_same_left_whatever_the_hash_seed() -> None:
    program = AGENT_LIKE_PROGRAM + (
        "\nfrom meters.leak import left_by\n"
        "kept = {}\n"
        "def leak():\n"
        "    for i in range(100): kept[f'{len(kept)}'] = work()\n"
        "left = left_by(leak, work)\n"
        "print(left.bytes, sorted((t.__name__, n) for t, n in left.grown.items()))\n"
    )
    printed = {printed_by(program, seed) for seed in ("0", "1", "4242", "random")}
    assert len(printed) == 1
    assert "('list', 100)" in printed.pop()
