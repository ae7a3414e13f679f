"""Each scenario in real time and in virtual time."""

from __future__ import annotations

import pytest
from http_loops import LOOPS, Run


@pytest.fixture(params=LOOPS)
def run(request: pytest.FixtureRequest) -> Run:
    """Runs a coroutine to its end."""
    return LOOPS[request.param]
