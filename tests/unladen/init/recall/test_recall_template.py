"""``unladen check`` tells a driver of recall that is wrong from one that works."""

from __future__ import annotations

from pathlib import Path

import pytest
from begun_drivers import why_wrong

from targets.templates.recall.recall import CAPABILITY

GOOD = "self._memory.with_words(session, words, limit)"
BAD = "self._memory.with_words(3 - session, words, limit)"


@pytest.mark.slow
def test_a_driver_that_is_wrong_is_called_so(tmp_path: Path) -> None:
    assert "entities of another session are found" in why_wrong(
        tmp_path, CAPABILITY.name, GOOD, BAD
    )
