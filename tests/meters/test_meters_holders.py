"""What holds retained memory: the last thing that stays, the way from it, and the bytes."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import held_work
import pytest
from fresh_process import printed_by

from meters import holders, memory
from meters.holders import Held
from meters.memory_looks import LookedAtCall

pytestmark = pytest.mark.slow

PROGRAM = Path(held_work.__file__)
BYTES = 33
"""What an empty ``bytes`` takes."""


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    """What is told of each work, by its name, and what is retained where nothing is recorded."""
    found: dict[str, Any] = json.loads(_printed(1))
    return found


def _printed(seed: int) -> str:
    program = f"import runpy; runpy.run_path({str(PROGRAM)!r}, run_name='__main__')"
    return printed_by(program, str(seed))


def ways(told: dict[str, Any], name: str) -> dict[str, tuple[int, int]]:
    """Bytes and number of the objects that a work retains, by their way."""
    return {way: (size, objects) for way, size, objects in told["held"][name]["ways"]}


def test_the_last_thing_that_stays_holds_what_is_retained(told: dict[str, Any]) -> None:
    found = ways(told, "say")
    log = ".LOG __main__.Log > .said dict"
    assert found[f"{log} >  list"][1] == 1
    assert found[f"{log} >  list >  __main__.Said"][1] == 1
    assert found[f"{log} >  list >  __main__.Said > .text bytes"] == (1_002 + BYTES, 1)
    assert told["held"]["say"]["files"]["__main__.Log"] == str(PROGRAM)


def test_the_bytes_are_those_that_are_retained(told: dict[str, Any]) -> None:
    for one in told["held"].values():
        assert one["retained"] == one["traced"]
    assert told["held"]["say"]["retained"] == told["plain"] - 10  # of a text that is as much longer
    for name in ("say", "replace", "share", "put", "cached", "wait", "result"):
        one = told["held"][name]
        assert 0 <= one["retained"] - sum(size for _, size, _ in one["ways"]) < 50


def test_attributes_in_slots_in_dicts_and_of_classes(told: dict[str, Any]) -> None:
    (slot,) = (way for way, one in ways(told, "put").items() if one == (3_000 + BYTES, 1))
    assert slot == ".BOX __main__.Box > .items list >  bytes"
    shared = ways(told, "share")
    assert shared[".Log class __main__.Log > .shared dict >  bytes"] == (4_000 + BYTES, 1)
    assert shared[".LOG __main__.Log > .made_up list >  bytes"] == (5_000 + BYTES, 1)


def test_a_cache_of_a_function_is_held_by_its_module(told: dict[str, Any]) -> None:
    (way,) = (way for way, one in ways(told, "cached").items() if one == (2_002 + BYTES, 1))
    assert way.startswith(" module __main__ > .cached functools._lru_cache_wrapper > ")


def test_what_is_only_replaced_is_not_retained(told: dict[str, Any]) -> None:
    assert not any("Said" in way for way in ways(told, "replace"))


def test_what_is_let_go_counts_less(told: dict[str, Any]) -> None:
    found = ways(told, "let go")
    (text,) = (one for way, one in found.items() if way.endswith("Said > .text bytes"))
    assert text[1] < 0
    assert text[0] < -1_000


def test_a_long_chain_is_told_as_two(told: dict[str, Any]) -> None:
    found = {way: one for way, one in ways(told, "chain").items() if way.endswith("Chain")}
    assert max(way.count("Chain") for way in found) == 3
    assert sorted(objects for _, objects in found.values()) == [1, 1, 48]


def test_what_a_suspended_coroutine_holds(told: dict[str, Any]) -> None:
    (way,) = (way for way, one in ways(told, "wait").items() if one == (6_000 + BYTES, 1))
    assert way == " module __main__ > .WAITING list >  pause (coroutine) >  bytes"


def test_the_result_of_the_call_is_held_by_what_runs(told: dict[str, Any]) -> None:
    (way,) = (way for way, one in ways(told, "result").items() if one == (7_002 + BYTES, 1))
    assert way == " list >  bytes"


def test_it_is_the_same_in_every_process(told: dict[str, Any]) -> None:
    assert json.loads(_printed(2)) == told


def test_nothing_is_left_behind() -> None:
    reading = memory._read_level
    with holders.recording() as recorded:
        assert recorded.calls == []
    assert memory._read_level is reading


def test_what_a_forked_process_records_is_learned() -> None:
    with holders.recording() as recorded:
        recorded.calls.append(LookedAtCall(1, []))
        recorded.forked()
        assert recorded.calls == []
        recorded.calls.append(LookedAtCall(2, [Held([], 3, 1)]))
        seen = pickle.loads(pickle.dumps(recorded.witnessed()))
        recorded.learn(seen)
    assert [call.retained for call in recorded.calls] == [2, 2]
