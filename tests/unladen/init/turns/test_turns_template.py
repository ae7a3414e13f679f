"""``unladen check`` tells a driver of turns that is wrong from one that works."""

from __future__ import annotations

from pathlib import Path

import pytest
from begun_drivers import why_wrong

from targets.templates.turns.turns import CAPABILITY

GOOD = "end.answer, end.error"
BAD = '"nothing", end.error'


@pytest.mark.slow
def test_a_driver_that_is_wrong_is_called_so(tmp_path: Path) -> None:
    assert "is answered with" in why_wrong(tmp_path, CAPABILITY.name, GOOD, BAD)
