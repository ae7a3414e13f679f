"""What is expensive is done once: a toy history, and the sample SDK's own, measured."""

from __future__ import annotations

from pathlib import Path

import measured_history
import pytest
from measured_history import Subject
from toy_history import write_toy

from unladen.label_check import CommitValues
from unladen.labels import Labels, load
from unladen.series import SeriesInfo


@pytest.fixture(scope="session")
def series() -> dict[str, SeriesInfo]:
    """All series of the suite."""
    return measured_history.series()


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Subject:
    """A small history of the floor. Tests leave it as it is."""
    return write_toy(tmp_path_factory.mktemp("toy") / "clone")


@pytest.fixture(scope="session")
def parley() -> Subject:
    """The sample SDK's history."""
    return measured_history.parley()


@pytest.fixture(scope="session")
def labels() -> Labels:
    """The sample SDK's labels."""
    return load(measured_history.LABELS)


@pytest.fixture(scope="session")
def values(parley: Subject) -> list[CommitValues]:
    """Every commit of the sample SDK, measured."""
    return measured_history.measure_history(parley)


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A folder in which nothing is cached yet."""
    return tmp_path / "cache"
