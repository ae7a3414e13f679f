"""``unladen check`` tells a driver of rules that is wrong from one that works."""

from __future__ import annotations

from pathlib import Path

import pytest
from begun_drivers import why_wrong

from targets.templates.rules.rules import CAPABILITY

GOOD = "loaded: object = self._reader.load(path)"
BAD = 'loaded: object = self.__dict__.setdefault("first", self._reader.load(path))'


@pytest.mark.slow
def test_a_driver_that_is_wrong_is_called_so(tmp_path: Path) -> None:
    assert "rules are told that were changed" in why_wrong(tmp_path, CAPABILITY.name, GOOD, BAD)
