"""``unladen check`` tells a driver of agents that is wrong from one that works."""

from __future__ import annotations

from pathlib import Path

import pytest
from begun_drivers import begun, tried

from targets.templates.agent.agent import CAPABILITY
from unladen.measure.driver_check import Soundness

GOOD = "Ended(done.output, None"
BAD = 'Ended("nothing", None'


@pytest.mark.slow
def test_a_driver_that_is_wrong_is_called_so(tmp_path: Path) -> None:
    folder = begun(tmp_path, CAPABILITY.name)
    module = folder / "driver" / "agent.py"
    assert GOOD in module.read_text()
    module.write_text(module.read_text().replace(GOOD, BAD))
    found = tried(folder, CAPABILITY.name)
    assert (found.soundness, "the answer is" in found.why) == (Soundness.WRONG, True), found
