"""A caller with a mistake of one's choice, in place of the target's."""

from __future__ import annotations

import made_callers
import pytest

from benchmarks.calls import cancel, ends
from benchmarks.core import subject
from benchmarks.questions import scaling


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch) -> made_callers.Choose:
    """Put the caller with that mistake under test; "" is none."""

    def chosen(mistake: str = "") -> None:
        target = made_callers.made_target(mistake)
        monkeypatch.setattr(subject, "target", lambda: target)
        for module in (cancel, ends, scaling):
            monkeypatch.setattr(module, "own_files", lambda: (made_callers.__file__,))

    return chosen
