"""Call logs: hand-drawn logs, edge cases, and brute force over random ones."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meters import spans


@dataclass(frozen=True)
class Call:
    queued: float
    started: float | None
    ended: float | None
    stage: int = 0
    group: str = "g"


# Two offers side by side after a formulation; the second offer waits for a free place.
RUN = [
    Call(0.0, 0.0, 2.0, stage=0),
    Call(2.0, 2.0, 5.0, stage=1),
    Call(2.0, 3.0, 7.0, stage=1),
    Call(7.0, 7.5, 8.5, stage=2),
]

times = st.integers(0, 20)


@st.composite
def calls(draw: st.DrawFn) -> Call:
    queued, started, ended = sorted(draw(st.tuples(times, times, times)))
    return Call(
        float(queued),
        draw(st.sampled_from([float(started), None])),
        draw(st.sampled_from([float(ended), None])),
        stage=draw(st.integers(0, 3)),
        group=draw(st.sampled_from("ab")),
    )


def test_a_hand_drawn_log() -> None:
    assert spans.makespan(RUN) == 8.5
    assert spans.peak_in_flight(RUN) == 2
    assert spans.service_seconds(RUN) == 2 + 3 + 4 + 1
    assert spans.queue_seconds(RUN) == 1.5
    assert spans.critical_path(RUN) == 2 + 4 + 1
    assert spans.efficiency(7.0, 8.5) == 7.0 / 8.5


def test_an_empty_log_is_zero_everywhere() -> None:
    for measure in (
        spans.makespan,
        spans.peak_in_flight,
        spans.service_seconds,
        spans.queue_seconds,
        spans.critical_path,
    ):
        assert measure([]) == 0
    assert spans.efficiency(0.0, 0.0) == 0.0


def test_calls_that_touch_do_not_overlap() -> None:
    assert spans.peak_in_flight([Call(0, 0, 1), Call(0, 1, 2), Call(0, 2, 3)]) == 1


def test_calls_of_no_length_are_never_in_flight() -> None:
    assert spans.peak_in_flight([Call(0, 1, 1), Call(0, 1, 1)]) == 0
    assert spans.peak_in_flight([Call(0, 0, 2), Call(0, 1, 1), Call(0, 2, 3)]) == 1


def test_a_call_that_never_ends_stays_in_flight() -> None:
    assert spans.peak_in_flight([Call(0, 0, None), Call(5, 5, 6)]) == 2


def test_a_call_cancelled_in_the_queue_only_waited() -> None:
    log = [Call(0, 0, 4), Call(1, None, 3)]
    assert spans.service_seconds(log) == 4
    assert spans.queue_seconds(log) == 2
    assert spans.critical_path(log) == 4
    assert spans.peak_in_flight(log) == 1
    assert spans.makespan(log) == 4


def test_a_call_that_never_ends_counts_no_service() -> None:
    log = [Call(0, 1, None), Call(0, None, None)]
    assert spans.service_seconds(log) == 0
    assert spans.queue_seconds(log) == 1
    assert spans.critical_path(log) == 0
    assert spans.makespan(log) == 0


def test_the_longest_group_decides_the_critical_path() -> None:
    log = [
        Call(0, 0, 3, stage=0, group="a"),
        Call(0, 0, 9, stage=1, group="a"),
        Call(0, 0, 11, stage=0, group="b"),
    ]
    assert spans.critical_path(log) == 12


def test_queueing_is_no_part_of_the_critical_path() -> None:
    log = [Call(0, float(i), float(i + 1)) for i in range(10)]
    assert spans.critical_path(log) == 1
    assert spans.makespan(log) == 10
    assert spans.efficiency(spans.critical_path(log), spans.makespan(log)) == pytest.approx(0.1)


@pytest.mark.slow
@given(st.lists(calls(), max_size=12))
def test_peak_in_flight_agrees_with_brute_force(log: list[Call]) -> None:
    def in_flight(instant: float) -> int:
        return sum(
            call.started is not None
            and call.started <= instant
            and (call.ended is None or instant < call.ended)
            for call in log
        )

    expected = max((in_flight(instant) for instant in range(21)), default=0)
    assert spans.peak_in_flight(log) == expected


@pytest.mark.slow
@given(st.lists(calls(), max_size=12))
def test_the_order_of_the_log_does_not_matter(log: list[Call]) -> None:
    shuffled = sorted(log, key=lambda call: (str(call.ended), call.stage, -call.queued))
    for measure in (
        spans.makespan,
        spans.peak_in_flight,
        spans.service_seconds,
        spans.queue_seconds,
        spans.critical_path,
    ):
        assert measure(shuffled) == measure(log)


@given(st.lists(calls(), max_size=12))
def test_the_critical_path_is_never_longer_than_all_service(log: list[Call]) -> None:
    assert spans.critical_path(log) <= spans.service_seconds(log)
