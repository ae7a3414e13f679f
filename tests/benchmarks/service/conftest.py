"""A service with a mistake of one's choice, in place of the target's."""

from __future__ import annotations

from typing import Any

import made_services
import pytest

from benchmarks.core import subject
from benchmarks.service import request


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch) -> made_services.Choose:
    """Put the service with that mistake under test; "" is none."""

    def chosen(mistake: str = "", **settings: Any) -> None:
        target = made_services.made_target(mistake, **settings)
        monkeypatch.setattr(subject, "target", lambda: target)
        monkeypatch.setattr(request, "own_files", lambda: (made_services.__file__,))

    return chosen
