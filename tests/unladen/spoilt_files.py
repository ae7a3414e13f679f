"""Files that turned into something else, for tests of what reads them."""

from __future__ import annotations

import os
from pathlib import Path


def put_a_pipe(file: Path) -> None:
    """Nobody writes to it."""
    file.unlink()
    os.mkfifo(file)


def put_a_folder(file: Path) -> None:
    """An empty one."""
    file.unlink()
    file.mkdir()
