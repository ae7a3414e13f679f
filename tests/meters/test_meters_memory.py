"""Traced memory: exact bytes for known allocations, and nothing of the meter's own."""

import gc
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from typing import TypeVar

import numpy as np
import pytest
from fresh_process import AGENT_LIKE_PROGRAM, printed_by

from meters.memory import Traced, traced

T = TypeVar("T")

MB = 1_000_000


@pytest.fixture(autouse=True)
def _restore_global_state() -> Iterator[None]:
    was_enabled = gc.isenabled()
    yield
    (gc.enable if was_enabled else gc.disable)()
    tracemalloc.stop()


def allocate(size: int) -> bytes:
    return b"x" * size


def warm_traced(call: Callable[[], T]) -> Traced[T]:
    """Measure from a warm start, as the meter asks for."""
    call()
    return traced(call)


@pytest.mark.slow
def test_nothing_allocated_is_nothing_traced() -> None:
    for _ in range(3):
        measured = warm_traced(lambda: None)
        assert (measured.peak, measured.retained) == (0, 0)


@pytest.mark.parametrize("size", [1000, MB, 20 * MB])
def test_a_result_of_known_size_is_peak_and_retained(size: int) -> None:
    measured = warm_traced(lambda: allocate(size))
    expected = sys.getsizeof(measured.result)
    assert (measured.peak, measured.retained) == (expected, expected)


def test_freed_memory_is_in_the_peak_only() -> None:
    larger = 3 * MB

    def call() -> bytes:
        allocate(larger)
        return allocate(MB)

    measured = warm_traced(call)
    assert measured.peak == sys.getsizeof(allocate(larger))
    assert measured.retained == sys.getsizeof(allocate(MB))


def test_garbage_in_cycles_is_in_the_peak_and_not_retained() -> None:
    def call() -> None:
        for _ in range(10):
            cycle: list[object] = [allocate(MB)]
            cycle.append(cycle)

    measured = warm_traced(call)
    assert measured.peak > 10 * MB
    assert measured.retained == 0


@pytest.mark.slow
def test_what_release_drops_is_not_retained() -> None:
    records: list[bytes] = []

    def call() -> bytes:
        records.append(allocate(5 * MB))
        return allocate(MB)

    kept = warm_traced(call)
    records.clear()
    released = traced(call, release=records.clear)
    assert kept.retained > released.retained
    # A cleared list gives up its items and its array.
    assert released.retained == sys.getsizeof(released.result)
    assert released.peak > 6 * MB


@pytest.mark.slow
def test_freeing_traced_memory_gives_negative_retained_bytes() -> None:
    """In a process whose other threads allocate nothing meanwhile, as a test runner's may."""
    freed = """
import sys, tracemalloc
from meters.memory import traced
tracemalloc.start(1)
held = [b"x" * MB]
size = sys.getsizeof(held[0])
print(size, traced(held.clear).retained)
"""
    size, retained = map(int, printed_by(f"MB = {MB}{freed}", "0").split())
    # The list gives up its array too.
    assert retained in range(-size - 100, -size + 1)


@pytest.mark.slow
def test_what_a_run_replaces_is_not_retained_after_a_warm_up() -> None:
    last: list[bytes] = [bytes(1)]

    def replace() -> None:
        last[0] = bytes(10_000)

    assert warm_traced(replace).retained > 10_000
    assert traced(replace, warm_up=replace).retained == 0


def test_what_the_warm_up_returns_is_kept() -> None:
    last: list[bytes] = [bytes(1)]

    def replace() -> bytes:
        last[0] = bytes(10_000)
        return last[0]

    measured = traced(replace, warm_up=replace)
    assert measured.retained == sys.getsizeof(measured.result)


@pytest.mark.slow
def test_attribute_names_built_at_run_time_are_not_retained() -> None:
    class Visitor:
        pass

    def call() -> None:
        for i in range(100):
            getattr(Visitor, f"visit_{i}", None)

    for _ in range(3):
        assert warm_traced(call).retained == 0


def test_numpy_arrays_are_traced() -> None:
    measured = warm_traced(lambda: np.zeros(MB, dtype=np.float64))
    assert measured.retained - 8 * MB in range(1000)


@pytest.mark.parametrize("enabled", [True, False])
def test_the_collector_is_off_during_the_call_and_restored(enabled: bool) -> None:
    (gc.enable if enabled else gc.disable)()
    assert traced(gc.isenabled).result is False
    assert gc.isenabled() is enabled


@pytest.mark.slow
def test_tracing_stops_if_it_was_off_and_goes_on_if_it_was_on() -> None:
    traced(lambda: None)
    assert not tracemalloc.is_tracing()
    tracemalloc.start(7)
    traced(lambda: None)
    assert tracemalloc.is_tracing()
    assert tracemalloc.get_traceback_limit() == 7


def test_an_error_restores_everything() -> None:
    gc.enable()
    with pytest.raises(ZeroDivisionError):
        traced(lambda: 1 // 0)
    assert gc.isenabled()
    assert not tracemalloc.is_tracing()


@pytest.mark.slow
def test_fresh_processes_trace_the_same_whatever_the_hash_seed() -> None:
    program = AGENT_LIKE_PROGRAM + (
        "\nwork(); work()\n"
        "from meters.memory import traced\n"
        "measured = traced(work)\n"
        "again = traced(work)\n"
        "print(measured.peak, measured.retained, again.peak, again.retained)\n"
    )
    printed = {printed_by(program, seed) for seed in ("0", "1", "4242", "random", "7")}
    assert len(printed) == 1
    assert int(printed.pop().split()[0]) > 10_000
