"""What a driver sets in the environment is there before its SDK is imported, and in children."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from targets import environment

ROOT = Path(__file__).resolve().parents[2]

DRIVER = """
from pathlib import Path
from targets.bare.driver import TARGET as FLOOR, put_on_path
from targets.protocol import TEMPORARY_FOLDER, Target

put_on_path(Path(__file__).parent, "needy")
TARGET = Target(
    name="needy",
    imports=("needy",),
    capabilities=FLOOR.capabilities,
    environment={"NEEDY_KEY": "none", "NEEDY_URL": f"sqlite:///{TEMPORARY_FOLDER}/needy.db"},
)
"""

NEEDY = """
import os
from pathlib import Path

FOLDER = Path(os.environ["NEEDY_URL"].removeprefix("sqlite:///")).parent
assert os.environ["NEEDY_KEY"] == "none"
assert list(FOLDER.iterdir()) == []
"""

ASK = """
import os, subprocess, sys
import benchmarks
from benchmarks.core import subject
subject.require_sdk()
import needy
assert needy.FOLDER.is_dir()
if (child := os.fork()) == 0:
    sys.exit(0)
os.waitpid(child, 0)
assert needy.FOLDER.is_dir(), "a forked process deleted it"
from meters import imports
assert imports.import_modules(["needy"]) > 0
print(needy.FOLDER)
"""


def made_project(folder: Path) -> Path:
    for room in ("benchmarks", "meters", "mocks"):
        (folder / room).symlink_to(ROOT / room)
    (folder / "targets").mkdir()
    for part in (ROOT / "targets").iterdir():
        (folder / "targets" / part.name).symlink_to(part)
    needy = folder / "targets" / "needy"
    needy.mkdir()
    (needy / "driver.py").write_text(DRIVER)
    (needy / "needy.py").write_text(NEEDY)
    return folder


@pytest.mark.slow
def test_the_sdk_finds_its_environment(tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=made_project(tmp_path),
        env={**os.environ, "UNLADEN_TARGET": "needy", "TMPDIR": str(temporary), "ASV_PROJECT": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    folder = Path(done.stdout.strip())
    assert folder.parent == temporary
    assert not folder.exists(), "it is deleted when the process has ended"


def test_folders_of_killed_processes_are_deleted(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    (tmp_path / f"unladen-sdk-{gone.pid}-abc").mkdir()
    (tmp_path / f"unladen-sdk-{os.getpid()}-abc").mkdir()
    (tmp_path / "unladen-sdk-notes-abc").mkdir()
    made = environment.process_folder("unladen-sdk-", tmp_path)
    assert made.name.startswith(f"unladen-sdk-{os.getpid()}-")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [f"unladen-sdk-{os.getpid()}-abc", "unladen-sdk-notes-abc", made.name]
    )
