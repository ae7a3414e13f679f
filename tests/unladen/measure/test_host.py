"""Whether a step of a series is the host's."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from made_history import history, series

from unladen.changes.host import HostHistory, host_shift, point_of, score
from unladen.history.history import History
from unladen.measure.calibration import VERSION
from unladen.store.records import Calibration, Session

CPU = series("m.C.time_cpu", kind="sampled", unit="seconds", group="cpu")
RSS = series("m.C.peakrss", kind="sampled", unit="bytes", group="memory")
MINUTE = 60_000


def session(
    at: int, seconds: float | None, version: int = VERSION, cpu: str = "a CPU", later: float = 1.0
) -> Session:
    scores = (seconds, None if seconds is None else seconds * later)
    calibration = Calibration(version, *scores)
    return Session(at, at + MINUTE - 1, cpu, (0.5, 0.4, 0.3), (1.0, 0.5, 0.3), calibration)


def measured(
    scores: Sequence[float | None], newest_first: bool = False, cpus: Sequence[str] = ()
) -> History:
    """A history with one session for each commit, a minute each."""
    number = len(scores)
    made = history((CPU, [1.0] * number), (RSS, [1e6] * number))
    times = [MINUTE * (number - n if newest_first else n + 1) for n in range(number)]
    started = np.array(times, dtype=float) + 100
    names = cpus or ["a CPU"] * number
    return replace(
        made,
        series=[replace(one, started=started) for one in made.series],
        sessions=[
            (session(at, seconds, cpu=name),)
            for at, seconds, name in zip(times, scores, names, strict=True)
        ],
    )


SLOWER = [1.0, 1.01, 0.99, 1.0, 1.2, 1.21, 1.19, 1.2]
FIRST, SECOND = range(4), range(4, 8)


def test_a_step_of_the_host_of_that_size_is_the_hosts() -> None:
    made = measured(SLOWER)
    shift = host_shift(made, made.series[0], FIRST, SECOND)
    assert shift is not None
    assert shift.ratio == pytest.approx(1.2)
    assert shift.superiority == 1
    assert shift.share(1.2) == pytest.approx(1)
    assert shift.explains(1.2)
    assert shift.explains(1.3)  # more than half of it
    assert not shift.explains(2.0)
    assert not shift.explains(1 / 1.2)
    assert HostHistory(made).explains(CPU.name, range(4), range(4, len(made.commits)), 1.2)


def test_a_faster_host_makes_series_faster() -> None:
    made = measured([1 / one for one in SLOWER], newest_first=True)
    shift = host_shift(made, made.series[0], FIRST, SECOND)
    assert shift is not None
    assert shift.explains(1 / 1.2)
    assert not shift.explains(1.2)


@pytest.mark.parametrize(
    "scores",
    [
        [1.0] * 8,
        [1.0, 1.3, 0.9, 1.2, 1.0, 1.3, 1.2, 0.9],  # noisy
        [1.0, 1.0, 1.2, 1.2, 1.2, 1.2, 1.0, 1.0],  # a step at another place
    ],
)
def test_a_host_that_does_not_step_there_explains_nothing(scores: list[float]) -> None:
    made = measured(scores)
    shift = host_shift(made, made.series[0], FIRST, SECOND)
    assert shift is not None
    assert not shift.explains(1.2)
    assert not shift.explains(0.8)


def test_another_cpu_explains_any_step() -> None:
    made = measured([1.0] * 8, cpus=["a CPU"] * 4 + ["another"] * 4)
    shift = host_shift(made, made.series[0], FIRST, SECOND)
    assert shift is not None
    assert shift.other_cpu
    assert shift.explains(0.5)


def test_memory_is_not_the_hosts() -> None:
    made = measured(SLOWER)
    assert host_shift(made, made.series[1], FIRST, SECOND) is None
    assert not HostHistory(made).explains(RSS.name, range(4), range(4, len(made.commits)), 1.2)


def test_without_scores_nothing_is_said() -> None:
    few = measured([None, None, 1.0, 1.0, *SLOWER[4:]])
    assert host_shift(few, few.series[0], FIRST, SECOND) is None
    none = history((CPU, [1.0] * 8))
    assert host_shift(none, none.series[0], FIRST, SECOND) is None
    assert point_of(none, none.series[0], 0) is None


def test_scores_are_those_of_the_session_that_measured_the_series() -> None:
    made = measured([1.0, 1.0])
    later = session(50 * MINUTE, 3.0)
    made = replace(made, sessions=[(*made.sessions[0], later), made.sessions[1]])
    first = point_of(made, made.series[0], 0)
    assert first is not None
    assert first.score == 1.0
    again = replace(made.series[0], started=np.array([50 * MINUTE + 5.0, math.nan]))
    first = point_of(made, again, 0)
    assert first is not None
    assert first.score == 3.0
    assert point_of(made, again, 1) is None


def test_only_scores_of_todays_workload_count() -> None:
    assert score(session(0, 1.0, later=2.0)) == 1.5
    assert score(session(0, 1.0, version=VERSION + 1)) is None
    assert score(session(0, None)) is None
    one_sided = replace(session(0, 1.0), calibration=Calibration(VERSION, None, 2.0))
    assert score(one_sided) == 2.0
    assert score(replace(one_sided, calibration=None)) is None
