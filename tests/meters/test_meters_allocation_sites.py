"""Where retained memory was allocated, to the byte."""

from __future__ import annotations

import pickle
import tracemalloc

from meters import allocation_sites, memory

KEPT: list[bytes] = []


def keep(size: int) -> None:
    KEPT.append(bytes(size))


def work() -> list[bytearray]:
    keep(10_000)
    gone = bytearray(50_000)
    return [bytearray(3_000), bytearray(len(gone) // 10)]


def traced_anew() -> memory.Traced[list[bytearray]]:
    """From an empty list: how a longer one grows depends on its length."""
    KEPT.clear()
    return memory.traced(work, warm_up=work)


def test_sites_add_up_to_what_is_retained() -> None:
    plain = traced_anew()
    with allocation_sites.recording() as kept:
        traced = traced_anew()
    (call,) = kept.calls
    grown = call.found
    assert grown is not None
    assert traced.retained == plain.retained
    assert call.retained == traced.retained
    assert abs(sum(grown.values()) - traced.retained) < 100
    lines = {site[0]: size for site, size in grown.items() if site[0][0] == __file__}
    keeping = (__file__, keep.__code__.co_firstlineno + 1)
    assert 10_000 <= lines[keeping] < 10_200
    (site,) = (site for site in grown if site[0] == keeping)
    assert site[1] == (__file__, work.__code__.co_firstlineno + 1)


def test_nothing_is_left_behind() -> None:
    reading = memory._read_level
    start = tracemalloc.start
    with allocation_sites.recording() as kept:
        assert kept.calls == []
    assert memory._read_level is reading
    assert tracemalloc.start is start
    assert memory.traced(work).retained > 0


def test_a_call_that_follows_another_is_told_by_itself() -> None:
    with allocation_sites.recording() as kept:
        totals = [traced_anew().retained for _ in range(2)]
    assert [call.retained for call in kept.calls] == totals


def test_what_a_forked_process_records_is_learned() -> None:
    with allocation_sites.recording() as kept:
        traced_anew()
        kept.forked()
        assert kept.calls == []
        traced_anew()
        seen = pickle.loads(pickle.dumps(kept.witnessed()))
        kept.learn(seen)
    assert kept.calls == [seen[0], seen[0]]


def test_only_one_call_is_looked_at_also_in_a_forked_process() -> None:
    with allocation_sites.recording(only=2) as kept:
        traced_anew()
        kept.forked()
        for _ in range(2):
            traced_anew()
        assert [call.found is not None for call in kept.calls] == [False, True]
        assert {call.retained for call in kept.calls} == {traced_anew().retained}
