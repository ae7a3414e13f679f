"""Drivers as ``unladen init`` begins them, tried as ``unladen check`` does, in this Python."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement

from unladen.init import files
from unladen.init.lock import RUNNER
from unladen.init.packages import package_at
from unladen.init.subject import Subject
from unladen.measure.driver_check import LEAST, Soundness, Tried, judged

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


def tried(folder: Path, capability: str, needs: Sequence[str] | None = None) -> Tried:
    """What ``unladen check`` says of what ``begun`` gave, where nothing is installed but asv's
    runner and ``needs`` (by default those that are pinned), with what these need."""
    needs = files.needs_of([capability]) if needs is None else needs
    installed = folder / "installed"
    installed.mkdir()
    for entry in _installed_by({}, [RUNNER, *needs]).values():
        (installed / entry.name).symlink_to(entry)
    done = subprocess.run(
        [sys.executable, "-S", *LEAST, f"^{capability}\\."],
        cwd=ROOT,
        env={
            **os.environ,
            "UNLADEN_TARGET": "my-sdk",
            "UNLADEN_TARGET_DIR": str(folder),
            "PYTHONPATH": os.pathsep.join(map(str, [folder.parent, installed])),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return judged(capability, rows, done.stderr)


def why_wrong(root: Path, capability: str, good: str, bad: str) -> str:
    """What ``unladen check`` says against what ``begun`` gave, with ``bad`` in place of ``good`` in
    the module that is the capability's."""
    folder = begun(root, capability)
    module = folder / "driver" / f"{capability}.py"
    assert good in module.read_text()
    module.write_text(module.read_text().replace(good, bad))
    found = tried(folder, capability)
    assert found.soundness is Soundness.WRONG, found
    return found.why


def _installed_by(found: dict[str, Path], names: Sequence[str]) -> dict[str, Path]:
    """Top-level files and folders of these distributions and of those that they need, by name."""
    for name in names:
        there = distribution(name)
        entries = {file.parts[0]: file for file in there.files or () if file.parts[0] != ".."}
        if entries.keys() <= found.keys():
            continue
        found.update({top: Path(str(there.locate_file(top))) for top in entries})
        asked = map(Requirement, there.requires or ())
        needed = [one.name for one in asked if one.marker is None or one.marker.evaluate()]
        _installed_by(found, needed)
    return found
