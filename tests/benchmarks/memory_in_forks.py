"""Memory that is retained in a forked process is told of (run by ``test_attribute_memory.py``)."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks.attribute_memory import with_holders, with_sites
from benchmarks.core import forked
from benchmarks.core.cells import value_of
from meters import memory

KEPT: list[bytes] = []
SIZE = 70_000


def work() -> None:
    KEPT.append(bytes(SIZE))


def forked_benchmark(repeats: int) -> Any:
    """A benchmark whose one figure is measured in another process, several times in a row."""

    def measure() -> int:
        return max(memory.traced(work, warm_up=work).retained for _ in range(repeats))

    return SimpleNamespace(
        setup_cache_key=None,
        params=[],
        do_setup=lambda: False,
        do_run=lambda: value_of(forked.fresh(measure)),
        do_teardown=lambda: None,
    )


def place(file: str) -> tuple[str, str]:
    return "own" if file == __file__ else "library", file


@pytest.mark.parametrize("tell", [with_sites, with_holders])
def test_what_a_forked_process_retains_is_told(tell: Callable[..., dict[str, Any]]) -> None:
    found = tell(forked_benchmark(1), 0, place)
    assert found["retained"] == found["value"] > SIZE
    assert forked.witnesses == []
    assert KEPT == []


def test_it_is_where_it_was_allocated_and_what_holds_it() -> None:
    sites = with_sites(forked_benchmark(1), 0, place)["sites"]
    (site,) = (frames for frames, size in sites if size > SIZE)
    assert site[0] == ["own", __file__, work.__code__.co_firstlineno + 1]
    told = with_holders(forked_benchmark(1), 0, place)
    (steps,) = (steps for steps, size, objects in told["held"] if size > SIZE)
    said = [(name, *told["kinds"][number][:3]) for name, number in steps]
    assert said[1:] == [(".KEPT", "list", "list", "library"), ("", "bytes", "bytes", "library")]
    assert said[0][1:] == ("module memory_in_forks", "module", "own")


def test_of_several_in_a_row_it_is_one() -> None:
    found = with_sites(forked_benchmark(3), 0, place)
    assert sum(size > SIZE for _, size in found["sites"]) == 1
    assert SIZE < found["retained"] < 2 * SIZE
