"""A slow drift of a sampled series that has a step within it: what is told is where it ends."""

from __future__ import annotations

import numpy as np
import pytest
from made_history import history, series

from unladen.changes.model import State
from unladen.changes.sampled import find_sampled_changes
from unladen.site.chunk_values import chunk_values

CPU = series("m.C.time_cpu", kind="sampled", unit="seconds")
COMMITS = 120


def test_it_ends_at_the_level_that_is_there_and_so_does_the_site() -> None:
    random = np.random.default_rng(1)
    drift = 1.004 ** np.arange(COMMITS)
    step = np.where(np.arange(COMMITS) < 60, 1.0, 5.0)
    values = random.lognormal(0, 0.01, COMMITS) * drift * step
    made = history((CPU, values.tolist()))
    changes = find_sampled_changes(made)
    (drifted,) = (one for one in changes if one.state is State.DRIFT)
    assert any(one.state is State.SUSPECTED for one in changes)
    before, after = drifted.before.value, drifted.after.value
    assert before is not None
    assert after == pytest.approx(float(values[-1]), rel=0.1)
    assert before < after
    (chunk,) = chunk_values(made, {CPU.name: changes}, COMMITS)
    assert chunk["runs"][0][0][-1] == pytest.approx(float(values[-1]), rel=0.1)
