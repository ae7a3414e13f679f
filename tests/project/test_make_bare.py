"""``make bare`` ends with a table, and keeps asv's own output for a file."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UNLADEN = """#!/bin/sh
case "$*" in
  *run*) seq 1 2200; echo "why" >&2; exit {code} ;;
  *) echo "asked for: $*" ;;
esac
"""


def make_bare(folder: Path, code: int) -> subprocess.CompletedProcess[str]:
    """Run it with a stand-in for unladen whose ``run`` ends with ``code``."""
    shutil.copy(ROOT / "Makefile", folder)
    (folder / "pyproject.toml").touch()
    tools = folder / ".venv" / "bin"
    tools.mkdir(parents=True)
    (tools / "unladen").write_text(UNLADEN.format(code=code))
    (tools / "unladen").chmod(0o755)
    for name in ("ready", "installed"):
        (folder / ".venv" / name).touch()
    return subprocess.run(
        ["make", "--no-print-directory", "bare"], cwd=folder, capture_output=True, text=True
    )


@pytest.mark.parametrize("code", [0, 3])
def test_it_prints_a_line_for_each_series_and_no_output_of_asv(tmp_path: Path, code: int) -> None:
    done = make_bare(tmp_path, code)
    assert done.returncode == 0, done.stderr
    said, table = done.stdout.splitlines()
    assert said.endswith(".asv/bare/run.log")
    assert table == "asked for: --target bare table --short"
    assert len((tmp_path / ".asv" / "bare" / "run.log").read_text().splitlines()) == 2200


def test_if_nothing_can_be_measured_it_says_why(tmp_path: Path) -> None:
    done = make_bare(tmp_path, 2)
    assert done.returncode != 0
    assert done.stdout.splitlines()[-1] == "2200"
    assert "why" in done.stderr
    assert "asked for" not in done.stdout
