"""What is expensive is done once: a toy history, and the sample SDK's own, measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import committed_values
import measured_history
import pytest
from committed_values import (
    committed_series,
    measured_anew,
    only_imports,
    pattern_of,
    series_anew,
)
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
    if not committed_values.REFERENCE.is_dir():
        return {}
    return committed_values.committed_values(parley, committed_series(series))


@pytest.fixture(scope="session")
def measured(
    parley: Subject,
    committed: dict[str, Mapping[CellKey, Value]],
    series: dict[str, SeriesInfo],
) -> list[CommitValues]:
    """Every commit of the sample SDK: a part of some trees measured now, of all of them the series
    that are not committed yet, and the rest as committed."""
    trees = trees_of(parley)
    commits = {trees[commit.hash]: commit for commit in parley.commits}
    stored = dict(committed)
    parts = {tree: series_anew(tree, series) for tree in measured_anew(committed)}
    subjects = [replace(parley, commits=[commits[tree]], pattern=parts[tree]) for tree in parts]
    exact = {name for name, one in series.items() if one.kind == "exact"}
    if committed and (new := exact - committed_series(series).keys()):
        classes = {name.rpartition(".")[0] for name in new}
        first = [commits[tree] for tree in committed]
        subjects.append(replace(parley, commits=first, pattern=pattern_of(classes)))
    for subject in subjects:
        found = measured_history.measure_history(subject)
        for commit, one in zip(subject.commits, found, strict=True):
            tree = trees[commit.hash]
            stored[tree] = {**stored[tree], **one.cells}
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
