"""``unladen check`` tells a driver of sessions that is wrong from one that works."""

from __future__ import annotations

from pathlib import Path

import pytest
from begun_drivers import begun, tried

from targets.templates.sessions.sessions import CAPABILITY
from unladen.measure.driver_check import Soundness

GOOD = "found.notes, native=found"
BAD = "found.notes[1:], native=found"


@pytest.mark.slow
def test_a_driver_that_is_wrong_is_called_so(tmp_path: Path) -> None:
    folder = begun(tmp_path, CAPABILITY.name)
    module = folder / "driver" / "sessions.py"
    assert GOOD in module.read_text()
    module.write_text(module.read_text().replace(GOOD, BAD))
    found = tried(folder, CAPABILITY.name)
    assert (found.soundness, "sessions" in found.why) == (Soundness.WRONG, True), found
