"""What differs when what is due at one instant comes in another order is found, told, replayed."""

from __future__ import annotations

import os
from functools import partial

import pytest
from made_services import Choose

from benchmarks.core.cells import Attempt, Kept, value_of
from benchmarks.core.measured import attempts_used, measured_alone
from benchmarks.core.scheduled_cells import scheduled_cell
from benchmarks.core.schedules import tried
from benchmarks.questions.races import Races as Found
from benchmarks.questions.races import search
from benchmarks.service import burst, races
from benchmarks.service.burst import BurstResult
from benchmarks.service.running import fresh, fresh_each
from mocks.clock.schedules import Canonical, Seeded, Trial
from mocks.worlds.service.endpoints import Kind


def found(kind: Kind = Kind.CHAT) -> Found:
    return search(races.Runs(kind).outcome, races.SEEDS, budget=races.BUDGET)


def values(of: Found) -> tuple[int, int, int]:
    return of.outcomes.value, of.lost.value, of.crosstalk.value


@pytest.mark.slow
@pytest.mark.parametrize("kind", [Kind.CHAT, Kind.STREAM])
def test_a_right_service_has_no_race(choose: Choose, kind: Kind) -> None:
    choose()
    right = found(kind)
    assert values(right) == (0, 0, 0)
    assert (right.outcomes.note, right.lost.note, right.crosstalk.note) == ("", "", "")


@pytest.mark.slow
@pytest.mark.parametrize("mistake", ["a sweep that mixes up", "a sweep in threads"])
def test_a_reply_for_somebody_else_that_the_usual_order_does_not_show(
    choose: Choose, mistake: str
) -> None:
    choose(mistake)
    usual = fresh(partial(burst.measure, Kind.CHAT, races.RACING))
    assert isinstance(usual, Kept)
    assert (usual.value.foreign, usual.value.wrong, usual.value.failed) == (0, 0, 0)
    race = found()
    assert race.outcomes.value == 1
    assert race.lost.value == 0
    assert race.crosstalk.value >= 1
    said = race.crosstalk.note.splitlines()
    assert " for somebody else, " in said[0]
    assert " right instead of 10 right: seed " in said[0]
    assert said[0].endswith((" late event is enough", " late events are enough"))
    assert " came before " in said[1]


@pytest.mark.slow
def test_a_request_that_is_refused_in_another_order_only_is_lost(choose: Choose) -> None:
    choose("a sweep that refuses")
    race = found()
    assert race.outcomes.value == 1
    assert race.lost.value >= 1
    assert race.crosstalk.value == 0
    assert "status 503" in race.outcomes.note
    assert race.outcomes.note == race.lost.note


@pytest.mark.slow
def test_a_seed_gives_the_same_outcome_again(choose: Choose) -> None:
    choose("a sweep that mixes up")
    usual = races.Runs(Kind.CHAT).outcome(Trial(Canonical()))
    assert str(usual) == "10 right"
    seen = [races.Runs(Kind.CHAT).outcome(Trial(Seeded(seed))) for seed in races.SEEDS]
    again = [races.Runs(Kind.CHAT).outcome(Trial(Seeded(seed))) for seed in races.SEEDS]
    assert seen == again
    assert any(each != usual for each in seen)


@pytest.mark.slow
def test_preparing_takes_none_of_a_seeds_choices(choose: Choose) -> None:
    choose()
    trial = Trial(Canonical())
    assert str(races.Runs(Kind.CHAT).outcome(trial)) == "10 right"
    # Ten users come, ten answers do.
    assert (trial.asked, trial.chosen) == (20, {})


@pytest.mark.slow
def test_a_service_that_never_answers_is_an_outcome(choose: Choose) -> None:
    choose("a receive that never waits")
    ends = races.Runs(Kind.STREAM).outcome(Trial(Canonical()))
    assert str(ends) == f"10 {races.SPINS}"
    assert ends.lost == 10


@pytest.mark.slow
def test_where_the_request_before_never_ends_no_other_order_is_tried(choose: Choose) -> None:
    choose("a receive that never waits")
    runs = races.Runs(Kind.STREAM)
    usual, other = Trial(Canonical()), Trial(Seeded(1))
    assert str(runs.outcome(usual)) == f"10 {races.SPINS}"
    began = os.times().children_user
    assert runs.outcome(other) == runs.outcome(usual)
    assert os.times().children_user == began


@pytest.mark.slow
def test_any_cell_is_measured_under_schedules_and_one_replayed(choose: Choose) -> None:
    choose("a sweep that mixes up")
    benchmark = Crosstalk()
    assert attempts_used(benchmark) == [0]
    cell = scheduled_cell(partial(measured_alone, benchmark, 0, 0), range(1, 9))
    assert (cell.canonical, cell.values[0]) == (0, 0)
    assert cell.values[-1] >= 1
    first, *told = cell.race.splitlines()
    assert f": seed {cell.seeds[0]}; " in first
    assert " late event" in first
    assert any(" came before " in line for line in told)
    with tried(Trial(Seeded(cell.seeds[0]))):
        value, _ = measured_alone(benchmark, 0, 0)
    assert value in cell.values[1:]


class Crosstalk:
    """As asv has the series of a burst's crosstalk, of ten users only."""

    params = (("chat",),)

    def set_param_idx(self, index: int) -> None:
        assert index == 0

    def set_cache(self, cache: dict[str, Attempt[BurstResult]]) -> None:
        self._cache = cache

    def do_setup_cache(self) -> dict[str, Attempt[BurstResult]]:
        measures = {"chat": partial(burst.measure, Kind.CHAT, races.RACING)}
        return fresh_each(measures, kind=str)

    def do_setup(self) -> bool:
        self._result = value_of(self._cache["chat"])
        return False

    def do_run(self) -> int:
        return self._result.foreign

    def do_teardown(self) -> None:
        """Nothing to take down."""
