"""What is known without reckoning it is what reckoning gives."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from unladen.detection.scan import Found, scan
from unladen.detection.trends import _least, _line


@given(
    total=st.sampled_from([8, 9, 13, 40, 200, 201, 330, 1_000, 2_500]),
    seed=st.integers(0, 1_000_000),
    size=st.sampled_from([0.0, 0.2, 0.5, 1.0, 3.0]),
    length=st.integers(1, 60),
    persistence=st.sampled_from([0.0, 0.4]),
)
def test_what_is_above_a_limit_is_known_without_reckoning_it(
    total: int, seed: int, size: float, length: int, persistence: float
) -> None:
    random = np.random.default_rng([seed, total])
    values = random.normal(0, 1, total)
    start = int(random.integers(0, total))
    values[start : start + length] += size
    found = scan(values, persistence)
    for limit in (0.05, 0.01):
        limited = scan(values, persistence, limit)
        assert limited == (found if found.p <= limit else Found(1.0, ()))


def test_a_trend_is_left_out_only_where_no_line_is_likelier() -> None:
    """The least that deviations from a line can be is less than what any line has."""
    random = np.random.default_rng(5)
    for size in (9, 40, 400):
        values = random.normal(0, 1, size) + np.linspace(0, float(random.normal(0, 9)), size)
        for cuts in ([], [size // 3]):
            assert 0 < _least(values, cuts) <= _line(values, cuts)[1]
