"""A seed chooses another order; what differs is found, replayed and shrunk; who overtook whom."""

from __future__ import annotations

import asyncio
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path

import pytest
from clock_programs import Log, Program, execute, programs
from hypothesis import given, settings
from hypothesis import strategies as st

from mocks.clock import Hang, LastingClock, VirtualClock, VirtualLoop
from mocks.clock.schedules import (
    Canonical,
    Chosen,
    Late,
    Measure,
    ScheduledLoop,
    Seeded,
    Trial,
    actor,
    event_at,
    explore,
    shrink,
)
from mocks.model import ByRole, Model, Reply, Request, ScheduledWakeups, Wakeups

SEEDS = range(1, 31)


async def index_shown_too_early() -> list[int]:
    """Five users; the first makes an index of four parts, which others see before it is whole."""
    model = Model(ByRole({"offer": lambda _: Reply("yes")}), wakeups=ScheduledWakeups())
    index: list[int] | None = None

    async def indexed() -> list[int]:
        nonlocal index
        if index is not None:
            return index
        await asyncio.sleep(0)
        index = mine = []
        for part in range(4):
            mine.append(part)
            await asyncio.sleep(0)
        return mine

    async def user(number: int) -> int:
        actor.set(f"user {number}")
        await model.call(Request("offer", "a", f"#d{number}", "?"))
        return len(await indexed())

    return list(await asyncio.gather(*map(user, range(5))))


async def index_shown_when_whole() -> list[int]:
    """The same without a race: each makes its own if there is none."""
    model = Model(ByRole({"offer": lambda _: Reply("yes")}), wakeups=ScheduledWakeups())
    index: list[int] | None = None

    async def user(number: int) -> int:
        nonlocal index
        await model.call(Request("offer", "a", f"#d{number}", "?"))
        if index is None:
            mine = []
            for part in range(4):
                mine.append(part)
                await asyncio.sleep(0)
            index = mine
        return len(index)

    return list(await asyncio.gather(*map(user, range(5))))


def of(program: Callable[[], Coroutine[None, None, list[int]]]) -> Measure[list[int]]:
    def measure(trial: Trial) -> list[int]:
        with VirtualClock(trial=trial) as clock:
            return clock.run(program())

    return measure


def test_a_race_is_found_and_its_range_is_what_other_orders_show() -> None:
    found = explore(of(index_shown_too_early), SEEDS)
    assert found.canonical == [4, 4, 4, 4, 4]
    assert len(found.differing()) >= 5
    assert 1 <= min(min(seen) for seen in found.by_seed.values()) < 4


def test_a_program_without_a_race_does_the_same_under_every_schedule() -> None:
    found = explore(of(index_shown_when_whole), range(1, 101))
    assert found.differing() == []


def test_a_seed_replays_what_it_showed() -> None:
    measure = of(index_shown_too_early)
    found = explore(measure, SEEDS)
    for seed in found.differing():
        assert measure(Trial(Seeded(seed))) == found.by_seed[seed]


@pytest.mark.parametrize("nth", [0, 1, 2, 3])
def test_a_race_shrinks_to_one_late_answer_and_says_who_came_before_it(nth: int) -> None:
    measure = of(index_shown_too_early)
    found = explore(measure, SEEDS)
    race = shrink(measure, found.differing()[nth], lambda seen: seen != found.canonical)
    ((number, late),) = race.deviations.items()
    assert late.passes >= 1
    assert race.seen == measure(Trial(Chosen({number: late})))
    assert race.seen[number] < 4
    assert race.seen.count(4) == 4
    first = race.overtakings[0]
    assert first.at == 1.0
    # After the last answer none is due, but what the first ones have set off.
    overtaker = f"user {(number + 1) % 5}"
    assert (first.late.name, first.first.name) == (f"user {number}", overtaker)
    assert first.is_event == (number < 4)
    assert first.late.waiting is not None
    assert first.late.waiting.chain[0] == "user"
    own = [place for file, place in first.late.waiting.places if file == __file__]
    assert own[0].startswith("test_schedules.py:")
    assert own[0].endswith(" in user")


def test_leaving_out_any_of_what_is_left_undoes_the_race() -> None:
    """It takes two late events: the sum of three answers, of which the last is to be the first."""

    async def program() -> list[int]:
        loop = asyncio.get_running_loop()
        log: list[int] = []
        for number in range(6):
            event_at(loop, 1.0, log.append, number)
        await asyncio.sleep(2)
        return log

    measure = of(program)

    def is_race(log: list[int]) -> bool:
        return log.index(5) < log.index(0) and log.index(5) < log.index(3)

    seed = next(seed for seed in range(1, 200) if is_race(measure(Trial(Seeded(seed)))))
    race = shrink(measure, seed, is_race)
    assert set(race.deviations) == {0, 3}
    for number in race.deviations:
        without = {n: late for n, late in race.deviations.items() if n != number}
        assert not is_race(measure(Trial(Chosen(without))))
    with pytest.raises(ValueError, match="shows no race"):
        shrink(measure, seed, lambda log: len(log) == 7)


def test_shrinking_stops_when_its_budget_is_spent() -> None:
    measure = of(index_shown_too_early)
    found = explore(measure, SEEDS)
    (seed, *_) = found.differing()
    race = shrink(measure, seed, lambda seen: seen != found.canonical, budget=3)
    assert race.runs <= 5
    assert race.seen != found.canonical


def test_an_overtaken_callback_is_named_where_no_event_came_before() -> None:
    """One event alone at its instant can come late only after what was ready."""

    async def program() -> list[int]:
        loop = asyncio.get_running_loop()
        log: list[int] = []
        loop.call_soon(log.append, 1)
        loop.call_soon(loop.call_soon, log.append, 2)
        event_at(loop, loop.time(), log.append, 3)
        await asyncio.sleep(1)
        return log

    measure = of(program)
    assert measure(Trial(Canonical())) == [1, 3, 2]
    watched = Trial(Chosen({0: Late(passes=2)}), is_watched=True)
    assert measure(watched) == [1, 2, 3]
    assert {(each.first.where, each.is_event) for each in watched.overtakings} >= {
        ("list.append", False)
    }


def test_seeds_try_every_kind_of_lateness_and_whole_actors() -> None:
    drawn = [Seeded(seed).late(number, 9, "") for seed in range(1, 41) for number in range(1)]
    assert {late.passes > 900 for late in drawn} == {True, False}
    lagging = Seeded(4)
    by_actor = {
        name: {bool(lagging.late(number, 3, name)) for number in range(20)}
        for name in map(str, range(40))
    }
    assert {True} in by_actor.values()
    assert {False} in by_actor.values()
    assert {True, False} not in by_actor.values()


def log_of(program: Program, clock: VirtualClock) -> Log:
    log: Log = []
    with clock:
        clock.run(execute(program, log))
    return log


@pytest.mark.slow
@settings(deadline=None, max_examples=150)
@given(programs(st.sampled_from([0.25, 0.5, 0.75, 1.0, 2.0]), max_leaves=15))
def test_where_nothing_comes_late_all_is_as_on_the_usual_loop(program: Program) -> None:
    usual = log_of(program, VirtualClock())
    assert log_of(program, VirtualClock(trial=Trial(Canonical()))) == usual


@settings(deadline=None, max_examples=60)
@given(programs(st.sampled_from([0.25, 0.5, 1.0]), max_leaves=10), st.integers(1, 1000))
def test_random_programs_end_under_any_schedule_and_a_seed_repeats(
    program: Program, seed: int
) -> None:
    logs = [log_of(program, VirtualClock(trial=Trial(Seeded(seed)))) for _ in range(2)]
    assert logs[0] == logs[1]
    assert [at for _, at in logs[0]] == sorted(at for _, at in logs[0])


def answered(wakeups: Wakeups, clock: VirtualClock) -> list[str]:
    """Who is answered when, with a time-out between and some who give up."""
    log: list[str] = []
    model = Model(ByRole({"offer": lambda _: Reply("yes")}), latency=1.0, wakeups=wakeups)

    async def ask(name: str, patience: float) -> None:
        try:
            async with asyncio.timeout(patience):
                await model.call(Request("offer", name, "#d00001", "?"))
            log.append(name)
        except TimeoutError:
            log.append(name.upper())

    async def all_of_them() -> None:
        loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as group:
            for name, patience in (("a", 5), ("b", 0.5), ("c", 1), ("d", 5)):
                group.create_task(ask(name, patience))
                loop.call_later(1, log.append, "-")
        await asyncio.gather(ask("e", 0.25), ask("f", 0.25))
        await asyncio.gather(ask("g", 5), ask("h", 5))

    with clock:
        clock.run(all_of_them())
    return log


def test_answers_keep_the_canonical_order_where_none_is_late() -> None:
    usual = answered(Wakeups(), VirtualClock())
    assert answered(ScheduledWakeups(), VirtualClock(trial=Trial(Canonical()))) == usual
    assert answered(ScheduledWakeups(), VirtualClock()) != []


def test_a_hang_is_proved_under_a_schedule_too() -> None:
    async def program() -> None:
        loop = asyncio.get_running_loop()
        event_at(loop, 1.0, int)
        event_at(loop, 1.0, int)
        await loop.create_future()

    with VirtualClock(trial=Trial(Seeded(1))) as clock, pytest.raises(Hang):
        clock.run(program())


@pytest.mark.parametrize("kind", [VirtualClock, LastingClock])
def test_timers_are_seen_and_cancelled_while_they_are_held_back(kind: type[VirtualClock]) -> None:
    class Last:
        """The first of two comes last."""

        def late(self, number: int, followers: int, actor: str) -> Late:
            return Late(passes=5) if number == 0 else Late()

    async def program() -> bool:
        loop = asyncio.get_running_loop()
        second = loop.create_future()
        first = event_at(loop, 1.0, second.set_exception, RuntimeError("it fired"))
        event_at(loop, 1.0, second.set_result, None)
        await second
        assert isinstance(loop, ScheduledLoop)
        is_seen = loop.has_later_timers()
        loop.cancel_timers()
        assert first.cancelled()
        return is_seen and not loop.has_later_timers()

    with kind(trial=Trial(Last())) as clock:
        assert clock.run(program())


def test_the_usual_clock_knows_nothing_of_schedules() -> None:
    with VirtualClock() as clock:
        assert type(clock.loop) is VirtualLoop
    for method in (VirtualLoop.call_at, VirtualLoop.run_forever, VirtualClock.run):
        assert not {"trial", "schedule", "_trial"} & {*method.__code__.co_names}
    for method in ("_run_once", "_process_events"):
        assert method not in vars(VirtualLoop)


DIGEST = """
import sys
sys.path[:0] = sys.argv[1:]
from test_schedules import digest
print(digest())
"""


def digest() -> str:
    """Of all that 30 schedules show, and of how the first race is told."""
    measure = of(index_shown_too_early)
    found = explore(measure, SEEDS)
    race = shrink(measure, found.differing()[0], lambda seen: seen != found.canonical)
    told = [str(each) for each in race.overtakings]
    return hashlib.sha256(repr([found, race.deviations, told]).encode()).hexdigest()


@pytest.mark.slow
def test_three_hash_seeds_give_equal_digests() -> None:
    here = Path(__file__).resolve().parent
    paths = [str(here), str(here.parents[1])]
    digests = {
        subprocess.run(
            [sys.executable, "-c", DIGEST, *paths],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert digests == {f"{digest()}\n"}
