"""Drivers as ``unladen init`` begins them, tried as ``unladen check`` does, in this Python."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from unladen.init import files
from unladen.init.packages import package_at
from unladen.init.subject import Subject
from unladen.measure.driver_check import LEAST, Tried, judged

ROOT = Path(__file__).resolve().parents[2]


def begun(root: Path, capability: str) -> Path:
    """The folder that ``init`` writes in ``root`` for a package ``my_sdk``, which is there."""
    (root / "my_sdk").mkdir()
    (root / "my_sdk" / "__init__.py").touch()
    subject = Subject(
        root=root,
        project="my-sdk",
        distribution="",
        source="",
        package=package_at("my_sdk"),
        branch="main",
        url="",
        commit_url="",
        python="3.12",
    )
    files.write_new(root, files.folder_of(subject, [capability], ["asv_runner==1"]))
    return root / files.OWN_FOLDER


def tried(driver: Path, capability: str, *path: Path) -> Tried:
    """What ``unladen check`` says of it. ``path``: folders that are searched for modules, too."""
    done = subprocess.run(
        [sys.executable, *LEAST, f"^{capability}\\."],
        cwd=ROOT,
        env={
            **os.environ,
            "UNLADEN_TARGET": "my-sdk",
            "UNLADEN_TARGET_DIR": str(driver),
            "PYTHONPATH": os.pathsep.join(map(str, [driver.parent, *path])),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return judged(capability, rows, done.stderr)
