"""The wheel in Pythons at hand that it is for: installed, set up for an SDK, measuring it.

Besides that which runs the tests.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from made_sdk_repository import CAPABILITY, made_sdk, put_sdk_into_driver
from made_wheel import Built, installed_in

pytestmark = pytest.mark.slow

MINORS = (11, 12, 13, 14)


def interpreters() -> dict[int, str]:
    """A Python of each minor version that is here, on the PATH or as pyenv keeps them: the one that
    runs the tests is tested elsewhere."""
    found = {}
    for minor in MINORS:
        candidates = [shutil.which(f"python3.{minor}")]
        if root := os.environ.get("PYENV_ROOT"):
            candidates += map(str, Path(root, "versions").glob(f"3.{minor}.*/bin/python3.{minor}"))
        python = next((one for one in candidates if one and works(one)), None)
        if python and minor != sys.version_info.minor:
            found[minor] = python
    return found


def works(python: str) -> bool:
    """Whether it runs: pyenv's shims of versions that are not chosen do not."""
    return subprocess.run([python, "--version"], capture_output=True, check=False).returncode == 0


HERE = interpreters()


def others() -> Iterator[Any]:
    """The minor versions besides that which runs the tests; what is not here is skipped."""
    for minor in MINORS:
        if minor in HERE:
            yield minor
        elif minor != sys.version_info.minor:
            missing = pytest.mark.skip(reason=f"there is no Python 3.{minor} here")
            yield pytest.param(minor, marks=[missing, pytest.mark.every_commit])


@pytest.mark.rotated(name="longest", one_in=4)
@pytest.mark.parametrize("minor", others())
def test_it_measures_there(shared: Path, built: Built, tmp_path: Path, minor: int) -> None:
    installed = installed_in(shared, built, HERE[minor])
    for room in ("benchmarks", "meters", "mocks", "targets"):
        assert installed.run("python", "-c", f"import {room}", cwd=tmp_path).returncode == 1
    sdk = made_sdk(tmp_path / "sdk")
    assert f"Python 3.{minor}\n" in installed.said(
        "unladen", "init", "--yes", "--capability", CAPABILITY, cwd=sdk
    )
    put_sdk_into_driver(sdk)
    checked = installed.said("unladen", "check", cwd=sdk)
    assert f"{CAPABILITY}: works" in checked.splitlines()
    measured = installed.said("unladen", "run", "HEAD^!", "--bench", "imports", cwd=sdk)
    assert "failed" not in measured
