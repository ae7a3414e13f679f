"""One repository for all tests of steps: setting up its environment takes seconds."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "unladen"))

from made_runner import Runner, made_runner


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """A repository as ``made_runner`` makes it."""
    return made_runner(tmp_path_factory.mktemp("actions"))
