"""What lies in a results folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def machine_folders(folder: Path) -> Iterator[Path]:
    """The folders of machines in a results folder: those that are not empty."""
    if folder.is_dir():
        yield from (f for f in sorted(folder.iterdir()) if f.is_dir() and any(f.iterdir()))


def results_files(machine: Path) -> list[Path]:
    """The results files in a machine's folder, sorted by name."""
    return sorted(file for file in machine.glob("*.json") if file.name != "machine.json")
