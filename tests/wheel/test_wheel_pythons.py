"""The wheel in Pythons at hand that it is for: installed, set up for an SDK, measuring it.

Each commit tries one besides that which runs the tests, another one than the last as its hash has
it; ``UNLADEN_TEST_ALL=1`` tries all.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from made_sdk_repository import CAPABILITY, made_sdk, put_sdk_into_driver
from made_wheel import Built, installed_in
from moving_sample import is_all_tried, tried_now

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


@pytest.mark.parametrize("minor", [minor for minor in MINORS if minor != sys.version_info.minor])
def test_it_measures_there(shared: Path, built: Built, tmp_path: Path, minor: int) -> None:
    if minor not in HERE:
        pytest.skip(f"there is no Python 3.{minor} here")
    if not is_all_tried() and HERE[minor] not in tried_now(HERE.values(), 1):
        pytest.skip("this commit tries another Python; make test-all tries all")
    installed = installed_in(shared, built, HERE[minor])
    for room in ("benchmarks", "meters", "mocks", "targets"):
        assert installed.run("python", "-c", f"import {room}", cwd=tmp_path).returncode == 1
    sdk = made_sdk(tmp_path / "sdk")
    assert f"Python 3.{minor}\n" in installed.said("unladen", "init", "--yes", cwd=sdk)
    put_sdk_into_driver(sdk)
    checked = installed.said("unladen", "check", cwd=sdk)
    assert f"{CAPABILITY}: works" in checked.splitlines()
    measured = installed.said("unladen", "run", "HEAD^!", "--bench", "imports", cwd=sdk)
    assert "failed" not in measured
