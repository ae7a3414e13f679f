"""A rate limit's refusals, and the seconds they tell to wait."""

from __future__ import annotations

import pytest

from mocks.model import RateLimit, RateLimited


def refusal(limit: RateLimit, now: float) -> RateLimited:
    with pytest.raises(RateLimited) as refused:
        limit.admit(now)
    return refused.value


@pytest.mark.parametrize(
    ("accepted", "now", "seconds"),
    [(0.0, 2.0, 58), (0.0, 2.3, 58), (0.0, 1.999, 59), (0.0, 59.999, 1), (0.1, 0.3, 60)],
)
def test_the_seconds_to_wait_are_whole_and_enough(
    accepted: float, now: float, seconds: int
) -> None:
    limit = RateLimit(1)
    limit.admit(accepted)
    told = refusal(limit, now).retry_after
    assert told == seconds
    limit.admit(now + told)


@pytest.mark.parametrize("tenths", range(1, 50))
def test_a_tenth_that_floats_cannot_hold_costs_no_second(tenths: int) -> None:
    limit = RateLimit(1)
    limit.admit(sum([0.1] * tenths))
    now = tenths / 10 + 7
    told = refusal(limit, now).retry_after
    assert told == 53
    limit.admit(sum([0.1] * 530, start=now))


def test_a_refused_request_does_not_count() -> None:
    limit = RateLimit(2)
    limit.admit(0.0)
    limit.admit(30.0)
    assert refusal(limit, 59.0).retry_after == 1
    limit.admit(60.0)
    assert refusal(limit, 61.0).retry_after == 29
