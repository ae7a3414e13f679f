"""One tiny project, measured once for all tests: creating its environment takes seconds.

And two histories that are kept as patches.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from series_history import hard_history, plain_history
from tiny_project import MACHINE, History, TinyProject, write_history, write_project

from unladen.asv_bridge.console import log
from unladen.repo.patches.save import save


@pytest.fixture(autouse=True)
def ended_line() -> Iterator[None]:
    """asv's log ends a line only when it writes the next one: that must not be another test's."""
    yield
    log.flush()


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    """The tiny repository. Tests leave it as it is."""
    return write_history(tmp_path_factory.mktemp("history") / "clone")


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, history: History) -> TinyProject:
    """The project that owns the benchmark environment. Tests leave it as it is."""
    return write_project(tmp_path_factory.mktemp("tiny") / "project", history)


@pytest.fixture(scope="session")
def first_run(shared: TinyProject) -> subprocess.CompletedProcess[str]:
    """``unladen run`` without a range, on a machine that asv does not know yet."""
    return shared.unladen("--target", "tiny", "run", "--machine", MACHINE)


@pytest.fixture
def measured(
    tmp_path: Path, shared: TinyProject, first_run: subprocess.CompletedProcess[str]
) -> TinyProject:
    """A copy of the measured project, to be changed at will."""
    assert first_run.returncode == 3, first_run.stdout + first_run.stderr
    return shared.copy(tmp_path / "project")


@pytest.fixture(scope="session")
def plain_series(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A saved series of three patches, its ``clone`` beside it. Tests leave both as they are."""
    folder = tmp_path_factory.mktemp("plain")
    save(plain_history(folder / "clone"), folder / "patches")
    return folder / "patches"


@pytest.fixture(scope="session")
def hard_series(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A saved series with all difficulties, its ``clone`` beside it. Tests leave both be."""
    folder = tmp_path_factory.mktemp("hard")
    save(hard_history(folder / "clone"), folder / "patches")
    return folder / "patches"


@pytest.fixture
def series(plain_series: Path, tmp_path: Path) -> Path:
    """A copy of the plain series, to be changed."""
    return Path(shutil.copytree(plain_series, tmp_path / "patches"))


@pytest.fixture
def clone(plain_series: Path, tmp_path: Path) -> Path:
    """A copy of the plain clone, to be changed."""
    return Path(shutil.copytree(plain_series.parent / "clone", tmp_path / "clone"))
