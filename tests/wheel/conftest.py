"""One wheel for all tests, built once, and one environment of each Python to install it in."""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from made_wheel import Built, Installed, build, install

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "unladen"))


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run of the tests have."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    made = folder / "wheel"
    made.mkdir(exist_ok=True)
    return made


@pytest.fixture(scope="session")
def built(shared: Path) -> Built:
    """The sdist and the wheel of this tree."""
    once(shared / "dist", build)
    return Built(shared / "dist")


@pytest.fixture(scope="session")
def installed(shared: Path, built: Built) -> Installed:
    """The wheel in an environment of the Python that runs the tests."""
    return installed_in(shared, built, sys.executable)


def installed_in(shared: Path, built: Built, python: str) -> Installed:
    """The wheel in an environment of ``python``, and nothing else but what it needs."""
    version = Path(python).resolve().name
    once(shared / version, lambda folder: install(folder, python, built.wheel))
    return Installed(shared / version)


def once(folder: Path, make: Callable[[Path], None]) -> None:
    """``make(folder)`` in one process of those that ask; the others wait until it is done."""
    with open(f"{folder}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder.with_name(f"{folder.name}.done")
        if not done.exists():
            make(folder)
            done.touch()
