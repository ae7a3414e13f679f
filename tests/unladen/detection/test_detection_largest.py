"""What is not reckoned could not have been the largest: the same answers as from all deviates."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unladen.detection import largest as largest_module
from unladen.detection.largest import largest_deviate
from unladen.detection.ranks import EXACT, KEPT, Floats, deviates, exact_tails, midranks
from unladen.detection.scan import centred_sums, largest_stretches, stretch_lengths

SEGMENT = 3


def _readings(total: int, seed: int, shape: int) -> Floats:
    """Noise, with a step near an end or in the middle, a stretch, outliers, or ties."""
    random = np.random.default_rng([seed, total, shape])
    readings = random.normal(0, 1, total)
    match shape:
        case 1:
            readings[total // 2 :] += 0.5
        case 2:
            readings[-int(random.integers(3, EXACT + 3)) :] += 2
        case 3:
            start = int(random.integers(3, total - 8))
            readings[start : start + 5] += 3
        case 4:
            readings = readings.round()
        case 5:
            readings[:4] += 9
    return readings


@given(
    total=st.sampled_from([40, KEPT, KEPT + 1, 250, 1_000, 2_500]),
    seed=st.integers(0, 1_000_000),
    shape=st.integers(0, 5),
    persistence=st.sampled_from([0.0, 0.4]),
)
def test_it_is_the_first_largest_of_all_to_the_bit(
    total: int, seed: int, shape: int, persistence: float
) -> None:
    sums = centred_sums(midranks(_readings(total, seed, shape)))
    taken = np.arange(SEGMENT, total - SEGMENT + 1)
    for excess, sizes in (
        (sums[SEGMENT : total - SEGMENT + 1], taken),
        (largest_stretches(sums)[0], stretch_lengths(total)),
    ):
        every = deviates(excess, sizes, total, persistence)
        best = int(every.argmax())
        found = largest_deviate(excess, sizes, total, persistence)
        assert found == (best, float(every[best]))


@pytest.mark.parametrize("total", [41, 300])
def test_no_tail_depends_on_larger_sums(total: int) -> None:
    whole = exact_tails(total, EXACT)
    for largest, width in ((1, 1), (3, 10), (EXACT, 200), (EXACT, whole.shape[1] + 5)):
        part = exact_tails(total, largest, width)
        np.testing.assert_array_equal(part, whole[: largest + 1, : part.shape[1]])


def test_most_exact_laws_are_not_reckoned(monkeypatch: pytest.MonkeyPatch) -> None:
    """A step in the middle of many readings needs the law of no few ranks; without this it takes a
    table of 8 MB for each number of readings."""
    asked: list[int] = []

    def counting(total: int, *args: int) -> Floats:
        asked.append(total)
        return exact_tails(total, *args)

    totals = range(1_000, 1_030)
    for total in totals:
        largest_module._thresholds(largest_module._known_total(total))
    monkeypatch.setattr(largest_module, "exact_tails", counting)
    monkeypatch.setattr("unladen.detection.ranks.exact_tails", counting)
    for total in totals:
        sums = centred_sums(midranks(_readings(total, 1, 1)))
        taken = np.arange(SEGMENT, total - SEGMENT + 1)
        largest_deviate(sums[SEGMENT : total - SEGMENT + 1], taken, total)
    assert asked == []
