"""Random programs on the virtual loop against the evaluator, and against a real loop."""

import asyncio

import pytest
from clock_programs import (
    Log,
    Prediction,
    Program,
    evaluate,
    execute,
    has_second_step_to_cancel,
    may_swallow_cancellation,
    programs,
)
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from mocks.clock import VirtualClock

# Sums of these depend on the order of the additions, and often tie.
AWKWARD = st.sampled_from([0.1, 0.2, 0.3, 0.7, 1.0, 1e-9, 1e6, 2.0**-40, 1 / 3])
ANY = st.floats(min_value=1e-12, max_value=1e9)


def check(program: Program, clock: VirtualClock) -> None:
    log: Log = []
    start = clock.now
    prediction = Prediction()
    end = evaluate(program, prediction, start)
    assume(not (prediction.tied and may_swallow_cancellation(program)))
    clock.run(execute(program, log))
    assert clock.now == end
    ended = set(log)
    assert len(log) == len(ended)
    if has_second_step_to_cancel(program):
        assert prediction.ended <= ended <= prediction.ended | prediction.tied
    else:
        assert ended == prediction.ended
    assert [time for _, time in log] == sorted(time for _, time in log)


@pytest.mark.slow
@settings(deadline=None, max_examples=500)
@given(programs(AWKWARD, max_leaves=25))
def test_random_programs_end_at_the_exact_instant(program: Program) -> None:
    with VirtualClock() as clock:
        check(program, clock)


@pytest.mark.slow
@settings(deadline=None, max_examples=200)
@given(programs(ANY, max_leaves=15))
def test_random_durations_end_at_the_exact_instant(program: Program) -> None:
    with VirtualClock() as clock:
        check(program, clock)


@pytest.mark.slow
@settings(deadline=None, max_examples=100)
@given(st.lists(programs(AWKWARD, max_leaves=8), min_size=2, max_size=4))
def test_runs_on_one_clock_follow_each_other_exactly(several: list[Program]) -> None:
    with VirtualClock() as clock:
        for program in several:
            check(program, clock)


# Whole units for sleeps and cancellations; durations of one program differ by units.
UNITS = st.integers(min_value=1, max_value=4).map(float)
# Real seconds per unit: a busy machine that mixes up the order gets slower attempts.
REAL_UNITS = (0.02, 0.06, 0.2, 0.6)


def same_order(virtual: Log, real: Log) -> bool:
    """Whether steps that are a unit or more apart in virtual time end in that order for real."""
    instants = dict(virtual)
    if instants.keys() != dict(real).keys():
        return False
    order = [instants[path] for path, _ in real]
    latest = 0.0
    for instant in order:
        if instant <= latest - 1.0:
            return False
        latest = max(latest, instant)
    return True


@settings(
    deadline=None,
    max_examples=8,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(programs(UNITS, max_leaves=6))
def test_a_real_loop_ends_the_same_steps_in_the_same_order(program: Program) -> None:
    prediction = Prediction()
    end = evaluate(program, prediction)
    # A step that ends when it is cut off is a race on a real loop.
    assume(not prediction.tied and end <= 12)
    virtual: Log = []
    with VirtualClock() as clock:
        clock.run(execute(program, virtual))
    for unit in REAL_UNITS:
        real: Log = []
        asyncio.run(execute(program, real, unit))
        if same_order(virtual, real):
            return
    assert virtual == real
