"""``unladen check`` tells a driver of recall that is wrong from one that works."""

from __future__ import annotations

from pathlib import Path

import pytest
from begun_drivers import begun, tried

from targets.templates.recall.recall import CAPABILITY
from unladen.measure.driver_check import Soundness

GOOD = "self._memory.with_words(session, words, limit)"
BAD = "self._memory.with_words(3 - session, words, limit)"


@pytest.mark.slow
def test_a_driver_that_is_wrong_is_called_so(tmp_path: Path) -> None:
    folder = begun(tmp_path, CAPABILITY.name)
    module = folder / "driver" / "recall.py"
    assert GOOD in module.read_text()
    module.write_text(module.read_text().replace(GOOD, BAD))
    found = tried(folder, CAPABILITY.name)
    assert (found.soundness, "entities of another session are found" in found.why) == (
        Soundness.WRONG,
        True,
    ), found
