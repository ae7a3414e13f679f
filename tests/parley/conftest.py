"""What is expensive is done once: a toy history, and the sample SDK's own, measured."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import committed_values
import measured_history
import pytest
from committed_values import measured_anew, only_imports
from measured_history import Subject, trees_of
from toy_history import write_toy

from unladen.labels.check import CellKey, CommitValues, Value
from unladen.labels.labels import Labels, load
from unladen.store.series import SeriesInfo


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
def committed(parley: Subject, series: dict[str, SeriesInfo]) -> dict[str, Mapping[CellKey, Value]]:
    """The committed values that stand for a measurement, by tree."""
    return committed_values.committed_values(parley, series)


@pytest.fixture(scope="session")
def measured(parley: Subject, committed: dict[str, Mapping[CellKey, Value]]) -> list[CommitValues]:
    """Every commit of the sample SDK: a part of them measured now, the others' as committed."""
    anew = measured_anew(committed)
    stored = {tree: cells for tree, cells in committed.items() if tree not in anew}
    return measured_history.measure_history(parley, stored=stored)


@pytest.fixture(scope="session")
def values(
    parley: Subject,
    committed: dict[str, Mapping[CellKey, Value]],
    measured: list[CommitValues],
    series: dict[str, SeriesInfo],
) -> list[CommitValues]:
    """The same, made comparable with each other: what an import costs depends on what the start of
    an environment has loaded, so those are the committed ones where there are some."""
    trees = trees_of(parley)
    return [
        CommitValues(
            found.subject,
            {**found.cells, **only_imports(committed.get(trees[commit.hash], {}), series)},
        )
        for commit, found in zip(parley.commits, measured, strict=True)
    ]


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A folder in which nothing is cached yet."""
    return tmp_path / "cache"
