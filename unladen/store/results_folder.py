"""What lies in a results folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from unladen.text.terminal import printable

_OF_A_COMMIT = re.compile(r"[0-9a-f]{8}-")


def machine_folders(folder: Path) -> Iterator[Path]:
    """The folders of machines in a results folder: those that are not empty."""
    if folder.is_dir():
        yield from (f for f in sorted(folder.iterdir()) if f.is_dir() and any(f.iterdir()))


def results_files(machine: Path) -> list[Path]:
    """The results files in a machine's folder, sorted by name, which begins with a hash."""
    return [file for file in _json_files(machine) if _OF_A_COMMIT.match(file.name)]


def misnamed_files(machine: Path) -> list[str]:
    """A line on other files where results files are, if there are any.

    asv by itself stores results of a tag under the tag's name; what that meant then, nobody knows.
    """
    files = [file for file in _json_files(machine) if not _OF_A_COMMIT.match(file.name)]
    if not files:
        return []
    number = f"{len(files)} results file{'s' * (len(files) > 1)}"
    more = " ..." * (len(files) > 1)
    return [f"left out: {number} whose name is no commit's: {printable(str(files[0]))}{more}"]


def _json_files(machine: Path) -> list[Path]:
    try:
        names = os.listdir(machine)
    except OSError:
        return []
    names = sorted(name for name in names if name.endswith(".json") and name != "machine.json")
    return [machine / name for name in names]
