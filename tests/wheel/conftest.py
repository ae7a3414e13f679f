"""One wheel for all tests, built once, and one environment of each Python to install it in."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from made_wheel import ROOT, Built, Installed, build, installed_in, once

CAPABILITIES = sorted(
    file.parent for file in Path(__file__).parent.glob("*/made_sdk_repository.py")
)

for folder in (ROOT / "tests" / "unladen", ROOT / "tests" / "actions", *CAPABILITIES):
    sys.path.insert(0, str(folder))


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
