"""Finding steps in noise: the guarantee, the places, the effects."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest

from unladen.detection import (
    CellReadings,
    Panel,
    find_steps,
    follows,
    levels_for,
    null,
    p_value,
    simulate,
)
from unladen.detection.placement import locate
from unladen.detection.ranks import Floats, deviates, midranks
from unladen.detection.scan import scan, stretch_lengths

TRIALS = 1000

NOISES = {
    "normal": lambda random, size: random.normal(size=size),
    "without a mean": lambda random, size: random.standard_cauchy(size),
    "skewed": lambda random, size: random.lognormal(sigma=1.5, size=size),
    "outliers": lambda random, size: random.normal(size=size) + 99 * (random.random(size) < 0.1),
    "ties": lambda random, size: random.integers(0, 4, size).astype(float),
    "mostly the same": lambda random, size: (random.random(size) < 0.1).astype(float),
}


def noise(size: int, seed: int = 1, spread: float = 0.01) -> Floats:
    return np.random.default_rng(seed).normal(scale=spread, size=size)


def normal_tail(deviate: float) -> float:
    return math.erfc(deviate / math.sqrt(2)) / 2


@pytest.mark.parametrize(("total", "taken"), [(9, 3), (10, 5), (12, 4)])
def test_deviates_of_few_ranks_are_those_of_the_exact_law(total: int, taken: int) -> None:
    mean = taken * (total + 1) / 2
    sums = np.array([sum(c) for c in combinations(range(1, total + 1), taken)], dtype=float)
    for value in np.unique(sums[sums > mean]):
        share = float((sums >= value).mean())
        (found,) = deviates(np.array([value - mean]), np.array([taken]), total)
        assert normal_tail(float(found)) == pytest.approx(share, rel=0.01)


def test_deviates_of_many_ranks_go_on_where_the_exact_law_ends() -> None:
    taken = np.array([20, 21])
    total = 60
    spread = np.sqrt(taken * (total - taken) * (total + 1) / 12)
    for z in (1.0, 2.0, 3.0, 4.0):
        exact, corrected = deviates(np.round(z * spread), taken, total)
        assert corrected == pytest.approx(exact, abs=0.04)


def test_equal_values_share_their_ranks() -> None:
    assert midranks(np.array([3.0, 1.0, 3.0, 2.0])).tolist() == [3.5, 1.0, 3.5, 2.0]


@pytest.mark.rotated
@pytest.mark.parametrize("name", NOISES)
@pytest.mark.parametrize("size", [12, 30])
def test_false_alarms_are_as_rare_as_stated_whatever_the_noise(name: str, size: int) -> None:
    random = np.random.default_rng(7)
    found = np.array([p_value(NOISES[name](random, size)) for _ in range(TRIALS)])
    for level in (0.05, 0.01):
        # Four standard errors above the level: the seed is fixed, the margin is for other numpys.
        limit = level + 4 * math.sqrt(level * (1 - level) / TRIALS)
        assert (found <= level).mean() <= limit


def test_the_stored_law_is_what_the_simulation_gives() -> None:
    step, stretch = simulate.maxima(20, 20_000, seed=5)
    for kind, maxima in (("step", step), ("stretch", stretch)):
        for share in (0.2, 0.05, 0.01):
            deviate = float(np.quantile(maxima, 1 - share))
            found = null.p_value(kind, 20, deviate)  # type: ignore[arg-type]
            assert share / 1.4 <= found <= share * 1.6


def test_p_values_fall_with_the_deviate_and_rise_with_the_number_of_readings() -> None:
    for kind in ("step", "stretch"):
        falling = [null.p_value(kind, 50, z / 4) for z in range(4, 40)]  # type: ignore[arg-type]
        assert falling == sorted(falling, reverse=True)
        assert 0 < falling[-1] < 1e-9
        rising = [null.p_value(kind, n, 4.4) for n in (20, 50, 500, 1999, 5000)]  # type: ignore[arg-type]
        assert rising == sorted(rising)


@pytest.mark.parametrize("size", [0, 1, 3, 7])
def test_of_few_readings_nothing_is_said(size: int) -> None:
    values = np.arange(float(size))
    assert p_value(values) == 1.0
    assert not find_steps(values, 0.05, is_log=True).steps


def test_a_step_is_found_at_its_place_in_both_directions() -> None:
    for sign in (1, -1):
        logs = noise(60)
        logs[37:] += sign * 0.1
        (step,) = find_steps(logs, 0.01, is_log=True).steps
        assert step.at == 37
        assert step.first <= 37 <= step.last
        assert step.after - step.before == pytest.approx(sign * 0.1, abs=0.01)


@pytest.mark.parametrize("length", [4, 6, 12])
def test_a_stretch_that_comes_back_is_two_steps(length: int) -> None:
    logs = noise(80)
    logs[30 : 30 + length] += 0.1
    steps = find_steps(logs, 0.01, is_log=True).steps
    assert [step.at for step in steps] == [30, 30 + length]
    assert [step.after > step.before for step in steps] == [True, False]


def test_several_steps_are_told_apart() -> None:
    logs = noise(120, spread=0.005)
    for at, size in ((20, 0.1), (50, 0.05), (70, -0.2), (100, 0.04)):
        logs[at:] += size
    found = find_steps(logs, 0.01, is_log=True)
    assert [step.at for step in found.steps] == [20, 50, 70, 100]
    assert len(set(found.curve.tolist())) == 5
    assert found.spread == pytest.approx(0.005, rel=0.3)


@pytest.mark.parametrize("positions", [(40,), (40, 44), (10, 30, 50), (40, 41, 20)])
def test_outliers_are_no_steps(positions: tuple[int, ...]) -> None:
    logs = noise(60)
    logs[list(positions)] += 2.0
    assert not find_steps(logs, 0.01, is_log=True).steps


def test_a_step_that_matters_to_nobody_is_left_out() -> None:
    logs = noise(100, spread=0.0001)
    logs[50:] += 0.005
    assert p_value(logs) < 1e-6
    assert not find_steps(logs, 0.01, is_log=True).steps


@pytest.mark.parametrize(("size", "number"), [(0.9, 0), (1.1, 1), (-0.9, 0), (-1.1, 1)])
def test_the_least_effect_counts_on_linear_readings_too(size: float, number: int) -> None:
    values = 100 + noise(100, spread=0.001)
    values[50:] += size
    assert p_value(values) < 1e-6
    assert len(find_steps(values, 0.01, is_log=False).steps) == number


@pytest.mark.parametrize("after", [101.0, 99.0099])
def test_a_step_of_just_the_least_effect_counts(after: float) -> None:
    (step,) = find_steps(np.repeat([100.0, after], 20), 0.01, is_log=False).steps
    assert (step.at, step.before, step.after) == (20, 100.0, after)


def test_readings_below_zero_have_steps_too() -> None:
    values = noise(40, spread=1.0)
    values[20:] += 30
    (step,) = find_steps(values, 0.01, is_log=False).steps
    assert step.at == 20


def test_constant_readings_have_none() -> None:
    found = find_steps(np.zeros(50), 0.05, is_log=True)
    assert (found.steps, set(found.curve.tolist()), found.spread) == ([], {0.0}, 0.0)


def test_the_range_holds_the_place_as_often_as_it_says() -> None:
    random = np.random.default_rng(3)
    held = 0
    for _ in range(300):
        logs = random.laplace(scale=0.05, size=40)
        logs[20:] += 0.1
        found = locate(logs, 20, 3)
        assert found.first <= found.at <= found.last
        held += found.first <= 20 <= found.last
    assert held >= 0.85 * 300


def test_the_level_of_the_tests_falls_with_their_number() -> None:
    assert levels_for([]) == 0
    assert levels_for([0.2, 0.3]) == 0
    assert levels_for([0.01]) == 0.05
    assert levels_for([0.0001, *[0.5] * 49]) == 0.05 / 50
    assert levels_for([0.001, 0.002, 0.9, 0.04]) == pytest.approx(0.05 * 2 / 4)


def counted(changes: dict[int, float], size: int = 60) -> Floats:
    count = np.zeros(size)
    for at, change in changes.items():
        count[at:] += change
    return count


COUNT = counted({10: 0.1, 20: -0.05, 30: 0.2, 40: 0.03, 50: -0.1})


def test_a_series_that_follows_a_count_is_known_by_it() -> None:
    logs = 0.8 * COUNT + noise(60)
    found = follows(logs, [counted({15: 0.1, 25: 0.1, 35: -0.1}), COUNT])
    assert found is not None
    assert found.number == 1
    assert found.slope == pytest.approx(0.8, abs=0.2)


@pytest.mark.parametrize(
    "counts",
    [
        [],
        [np.zeros(60)],
        [counted({10: 0.1, 20: 0.1})],
        [counted({12: 0.1, 22: -0.05, 33: 0.2, 44: 0.03})],
    ],
)
def test_a_series_that_follows_none_is_left_as_it_is(counts: list[Floats]) -> None:
    assert follows(0.8 * COUNT + noise(60), counts) is None


def test_a_small_step_that_all_cells_share_is_found_in_each() -> None:
    random = np.random.default_rng(11)
    grid = random.normal(scale=0.05, size=(8, 60))
    grid[:, 33:] += 0.05
    grid += np.arange(8)[:, None]
    panel = Panel([CellReadings(np.arange(60), row, is_log=True) for row in grid], 60)
    alone = [find_steps(row, 0.001, is_log=True).steps for row in grid]
    together = [found.steps for found in panel.steps(0.001)]
    assert sum(map(len, alone)) < sum(map(len, together))
    assert sum(any(abs(s.at - 33) <= 2 for s in steps) for steps in together) >= 6
    assert len(panel.tests) == 9


def test_a_cell_that_does_not_go_along_has_no_step() -> None:
    grid = np.array([noise(60, seed) for seed in range(6)])
    grid[:5, 33:] += 0.1
    found = Panel([CellReadings(np.arange(60), row, is_log=True) for row in grid], 60).steps(0.01)
    assert [[step.at for step in one.steps] for one in found] == [[33]] * 5 + [[]]


def test_cells_that_were_measured_at_different_commits_are_brought_together() -> None:
    lines = []
    for seed in range(4):
        at = np.delete(np.arange(60), [seed, 20 + seed])
        logs = noise(58, seed)
        logs[at >= 33] += 0.1
        lines.append(CellReadings(at, logs, is_log=True))
    for line, found in zip(lines, Panel(lines, 60).steps(0.01), strict=True):
        assert [int(line.at[step.at]) for step in found.steps] == [33]


def test_a_cell_that_begins_in_the_range_of_a_common_step() -> None:
    grid = np.random.default_rng(42).normal(0, 0.05, (5, 60))
    grid[:, 20:] += 0.08
    lines = [CellReadings(np.arange(60), row, is_log=True) for row in grid[:4]]
    late = CellReadings(np.arange(18, 60), grid[4, 18:], is_log=True)
    (step,) = Panel([*lines, late], 60).steps(0.01)[4].steps
    assert (step.first, step.at) == (1, 2)


@pytest.mark.parametrize(("total", "longest"), [(9, 3), (12, 6), (17, 8), (60, 30), (130, 50)])
def test_stretches_leave_room_beside_them(total: int, longest: int) -> None:
    assert stretch_lengths(total).tolist() == list(range(3, longest + 1))
    assert stretch_lengths(8).size == 0


def test_a_scan_says_where_the_change_is_likeliest() -> None:
    values = noise(50)
    values[20:26] += 1
    assert scan(values).splits == (20, 26)
    values[26:] += 1
    assert scan(values).splits == (20,)
