"""What each commit tries of what is too much for every run: another part each time.

Which part is decided by the hash of the commit that is checked out, so a run can be repeated, and
some commits on all of it has been tried. ``make test-all`` tries all at once.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def is_all_tried() -> bool:
    """Whether this run leaves nothing out."""
    return bool(os.environ.get("UNLADEN_TEST_ALL"))


def tried_now(cases: Iterable[str], count: int) -> set[str]:
    """``count`` of the cases: those that this state of the project tries."""

    def place(case: str) -> bytes:
        return hashlib.sha256(f"{_checked_out()} {case}".encode()).digest()

    return set(sorted(set(cases), key=place)[:count])


@cache
def _checked_out() -> str:
    """Nothing where this is no repository."""
    command = ["git", "-C", str(ROOT), "rev-parse", "HEAD"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip()
