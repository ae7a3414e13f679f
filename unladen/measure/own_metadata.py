"""The name of an SDK that is put on the path and not installed: many ask for their own version when
they are imported, and would fail at every commit."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

VERSION = "0.0.0"
"""Of every commit, so that it makes no difference between two."""


def name_distribution(site_packages: Path, distribution: str, there: Iterable[str]) -> None:
    """Let ``importlib.metadata`` find ``distribution`` in this environment, unless it is ``there``
    already; without files or requirements."""
    if _plain(distribution) in map(_plain, there):
        return
    folder = site_packages / f"{_plain(distribution)}-{VERSION}.dist-info"
    folder.mkdir(exist_ok=True)
    text = f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {VERSION}\n"
    (folder / "METADATA").write_text(text)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "_", name).lower()
