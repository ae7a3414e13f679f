"""One tiny project, measured once for all tests: creating its environment takes seconds."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from tiny_project import MACHINE, History, TinyProject, write_history, write_project


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
