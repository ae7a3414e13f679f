"""A cell's figure over many schedules: its range, its seeds, and how the first race comes about."""

from __future__ import annotations

import asyncio
import math

import pytest

from benchmarks.core.notes import note
from benchmarks.core.scheduled_cells import Figure, ScheduledCell, cell_of, scheduled_cell
from benchmarks.core.schedules import current_trial, named, tried
from benchmarks.core.ties import Both, both, wakeups
from benchmarks.core.workload import Engine
from mocks.clock import VirtualClock
from mocks.clock.schedules import Canonical, Trial, actor, event_at
from mocks.model import ReversedWakeups, ScheduledWakeups, Wakeups

SEEDS = range(1, 21)


async def first_to_come() -> int:
    """Which of three users is first; the third is served after the others, by two steps more."""
    loop = asyncio.get_running_loop()
    log: list[int] = []

    async def user(number: int) -> None:
        actor.set(f"user {number}")
        comes = loop.create_future()
        event_at(loop, 1.0, comes.set_result, None)
        await comes
        log.append(number)

    await asyncio.gather(*map(user, range(3)))
    return log[0]


def measure() -> Figure:
    note("not told")
    with VirtualClock(trial=current_trial()) as clock:
        return clock.run(first_to_come()), ""


def test_a_figure_that_differs_is_told_as_a_range_with_its_race(
    capsys: pytest.CaptureFixture[str],
) -> None:
    cell = scheduled_cell(measure, SEEDS)
    assert capsys.readouterr().err == ""
    assert (cell.canonical, cell.values[0], cell.values[-1]) == (0, 0, 2)
    assert cell.is_bad
    first = cell.seeds[0]
    with tried(Trial(Canonical())):
        assert measure() == (0, "")
    told = str(cell).splitlines()
    assert told[0].startswith(f"0 to 2, canonical 0; otherwise with the seeds {first}, ")
    assert told[1] == f"  1: seed {first}; one late event is enough"
    assert told[2].startswith("  at 1 s user 1 at test_scheduled_cells.py:")
    assert told[2].endswith(" in user came before user 0 there")


def test_one_that_does_not_is_told_as_it_is() -> None:
    cell = scheduled_cell(lambda: (3.5, ""), SEEDS)
    assert cell == ScheduledCell(3.5, "", [3.5], [], "")
    assert not cell.is_bad
    assert str(cell) == "3.5"


def test_a_schedule_under_which_it_fails_or_goes_wrong_is_a_difference() -> None:
    def fails() -> Figure:
        first, _ = measure()
        if first == 2:
            raise KeyError("two")
        return 7, "wrong" if first == 1 else ""

    cell = scheduled_cell(fails, SEEDS)
    assert list(cell.values) == [7, None]
    assert cell.race.startswith(("7 (WRONG: wrong): seed", "fails (KeyError: 'two'): seed"))


def test_what_fails_in_the_canonical_order_is_bad_and_no_race() -> None:
    def fails() -> Figure:
        raise KeyError("always")

    cell = scheduled_cell(fails, range(1, 4))
    assert (cell.canonical, cell.wrong) == (None, "KeyError: 'always'")
    assert cell.is_bad
    assert list(cell.seeds) == []


def test_rounding_and_what_has_no_value_are_no_differences() -> None:
    assert not cell_of((1.0, ""), {1: (1.0 + 1e-9, "")}).is_bad
    assert not cell_of((math.nan, ""), {1: (math.nan, "")}).is_bad
    other = cell_of((1, ""), {1: (1, ""), 2: (4, ""), 3: (2, "")})
    assert (list(other.values), list(other.seeds), other.race) == ([1, 2, 4], [2, 3], "4: seed 2")


def test_runs_are_called_by_their_number_unless_they_have_a_name() -> None:
    async def who(_: int) -> str:
        return actor.get()

    async def close() -> None:
        """Nothing to give back."""

    engine = named(Engine(who, close))

    async def called(name: str) -> str:
        actor.set(name)
        return await engine.run(0)

    async def all_of_them() -> list[str]:
        return list(await asyncio.gather(engine.run(0), called("run 9"), engine.run(0)))

    with VirtualClock() as clock:
        assert clock.run(all_of_them()) == ["run 1", "run 9", "run 2"]


def test_where_a_schedule_chooses_nothing_is_measured_in_both_orders() -> None:
    count = 0

    def look() -> int:
        nonlocal count
        count += 1
        return count

    with tried(Trial(Canonical())):
        assert both(look) == Both(1, 1)
        assert isinstance(wakeups(), ScheduledWakeups)
    assert current_trial() is None
    assert type(wakeups()) is Wakeups
    assert both(lambda: type(wakeups())) == Both(Wakeups, ReversedWakeups)
