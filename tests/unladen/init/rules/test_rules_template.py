"""``unladen check`` tells a driver of rules that is wrong from one that works."""

from __future__ import annotations

from pathlib import Path

import pytest
from begun_drivers import begun, tried

from targets.templates.rules.rules import CAPABILITY
from unladen.measure.driver_check import Soundness

GOOD = "loaded: object = self._reader.load(path)"
BAD = 'loaded: object = self.__dict__.setdefault("first", self._reader.load(path))'


@pytest.mark.slow
def test_a_driver_that_is_wrong_is_called_so(tmp_path: Path) -> None:
    folder = begun(tmp_path, CAPABILITY.name)
    module = folder / "driver" / "rules.py"
    assert GOOD in module.read_text()
    module.write_text(module.read_text().replace(GOOD, BAD))
    found = tried(folder, CAPABILITY.name)
    assert (found.soundness, "rules are told that were changed" in found.why) == (
        Soundness.WRONG,
        True,
    ), found
