"""``unladen check`` tells a driver of sessions that is wrong from one that works."""

from __future__ import annotations

from pathlib import Path

import pytest
from begun_drivers import why_wrong

from targets.templates.sessions.sessions import CAPABILITY

GOOD = "found.notes, native=found"
BAD = "found.notes[1:], native=found"


@pytest.mark.slow
def test_a_driver_that_is_wrong_is_called_so(tmp_path: Path) -> None:
    assert "sessions" in why_wrong(tmp_path, CAPABILITY.name, GOOD, BAD)
