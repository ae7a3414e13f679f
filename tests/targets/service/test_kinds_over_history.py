"""What the drivers of real services offer at commits of their histories, without importing them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

TELL = """
import json, sys
sys.path.insert(0, sys.argv[1])
from targets.loading import load
from targets.gateway import students
(service,) = load(sys.argv[2]).capabilities
print(json.dumps([list(service.kinds), students.wants_server()]))
"""


def offered(target: str, commit: str, folder: Path) -> tuple[list[str], bool]:
    """The kinds of endpoints at a commit, and whether the gateway wants a database server."""
    variable = f"UNLADEN_REPO_{target.upper()}"
    clone = os.environ.get(variable)
    if not clone:
        pytest.skip(f"{variable} names no clone of {target}")
    said = ["git", "-C", clone, "ls-tree", "--name-only", commit]
    names = subprocess.run(said, capture_output=True, text=True, check=True).stdout.split()
    packages = [name for name in names if name in {"gateway", "api"}]
    packed = subprocess.run(
        ["git", "-C", clone, "archive", commit, *packages], capture_output=True, check=True
    )
    subprocess.run(["tar", "x", "-C", str(folder)], input=packed.stdout, check=True)
    command = [sys.executable, "-c", TELL, str(folder), target]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    kinds, wants_server = json.loads(done.stdout)
    return kinds, wants_server


ALL = ["chat", "stream", "blocked", "health"]


@pytest.mark.parametrize(
    ("commit", "kinds", "wants_server"),
    [
        ("7c7f0b2", ["health"], False),
        ("77797c2", ALL, False),
        ("834897e", ALL, False),
        ("709cdb8", ALL, True),
        ("5f7cb09", ALL, True),
    ],
)
def test_gateway(commit: str, kinds: list[str], wants_server: bool, tmp_path: Path) -> None:
    assert offered("gateway", commit, tmp_path) == (kinds, wants_server)


@pytest.mark.parametrize(
    ("commit", "kinds"),
    [
        ("eb2a89f", ["chat", "health"]),
        ("18f4910", ["chat", "work", "health"]),
        ("bc9a8e0", ["chat", "work", "health"]),
        ("34444c4", ["chat", "stream", "work", "health"]),
        ("d7bf358", ["chat", "stream", "work", "health"]),
    ],
)
def test_insight(commit: str, kinds: list[str], tmp_path: Path) -> None:
    assert offered("insight", commit, tmp_path)[0] == kinds
