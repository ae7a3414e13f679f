"""The time in which more requests were sent than a limit allows."""

from __future__ import annotations

import random

import pytest

from meters.rates import seconds_above


@pytest.mark.parametrize(
    ("times", "limit", "seconds"),
    [
        ([], 1, 0),
        ([0, 10], 2, 0),
        ([0, 10], 1, 50),
        ([10, 0], 1, 50),
        ([0, 60], 1, 0),
        ([0, 59.5], 1, 0.5),
        ([0, 0, 0], 2, 60),
        ([0, 10, 20], 1, 60),
        ([0, 10, 100, 130], 1, 50 + 30),
        ([5], 0, 60),
        ([5, 20], 0, 75),
    ],
)
def test_windows_above_the_limit_add_up_without_overlap(
    times: list[float], limit: int, seconds: float
) -> None:
    assert seconds_above(times, limit) == seconds


def test_another_window() -> None:
    assert seconds_above([0, 3], 1, window=5) == 2


@pytest.mark.parametrize("seed", range(20))
def test_it_is_what_counting_each_second_gives(seed: int) -> None:
    draw = random.Random(seed)
    times = [draw.randrange(300) for _ in range(draw.randrange(80))]
    limit = draw.randrange(1, 12)

    def in_window(second: int) -> int:
        return sum(second - 60 < sent <= second for sent in times)

    counted = sum(in_window(second) > limit for second in range(400))
    assert seconds_above(times, limit) == counted


@pytest.mark.parametrize(("limit", "window"), [(-1, 60), (1, 0)])
def test_a_senseless_rate_is_refused(limit: int, window: float) -> None:
    with pytest.raises(ValueError, match="no rate"):
        seconds_above([0], limit, window)
