"""What ``make demo`` does before there is anything to run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A clone in which nothing was made yet."""
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # As a user calls it: not as the make that may run these tests calls another one.
    variables = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", *arguments],
        cwd=folder,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )


def pretender(folder: Path, version: str) -> str:
    """A Python that takes itself for another version."""
    script = folder / "python"
    code = f"import sys; sys.version_info = {version}; exec(sys.argv[2])"
    script.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{code}" "$@"\n')
    script.chmod(0o755)
    return str(script)


@pytest.mark.parametrize("goal", ["demo", "bare", "test"])
def test_an_old_python_is_refused_in_one_line(folder: Path, goal: str) -> None:
    python = pretender(folder, "(3, 9, 1)")
    done = make(folder, goal, f"PYTHON={python}")
    assert done.returncode == 2
    said, made = done.stderr.splitlines()
    assert said == (
        f"Unladen needs Python 3.11 or newer, and {python} is 3.9: "
        "say where one is: make PYTHON=/path/to/python"
    )
    assert made.startswith("make: ***")
    assert not (folder / ".venv").exists()


def test_no_python_is_said_in_one_line(folder: Path) -> None:
    done = make(folder, "demo", "PYTHON=no-such-python")
    assert done.returncode == 2
    assert done.stderr.startswith("There is no no-such-python: install Python 3.11 or newer")


def test_a_demo_installs_what_it_needs_and_shows_how_far_it_is(folder: Path) -> None:
    planned = make(folder, "--dry-run", "demo").stdout
    (install,) = (line for line in planned.splitlines() if "pip install" in line)
    assert install.endswith("--editable .")
    assert "--quiet" not in install
    assert "[dev]" in make(folder, "--dry-run", "test").stdout
