"""What a driver sets in the environment before its SDK is imported."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from targets.protocol import TEMPORARY_FOLDER, Target

_PREFIX = "unladen-sdk-"


def prepare(target: Target) -> None:
    """Set the driver's variables in this process, for good. A driver that names a temporary folder
    gets one for the process; processes forked from this one share it."""
    values = target.environment
    if any(TEMPORARY_FOLDER in value for value in values.values()):
        folder = str(_temporary_folder())
        values = {name: text.replace(TEMPORARY_FOLDER, folder) for name, text in values.items()}
    os.environ.update(values)


def _temporary_folder() -> Path:
    return process_folder(_PREFIX, Path(tempfile.gettempdir()))


def process_folder(prefix: str, parent: Path) -> Path:
    """A new folder in ``parent`` that is deleted when this process has ended; if it is killed, when
    another one asks for such a folder. Processes forked from this one may use it as long."""
    _sweep(prefix, parent)
    folder = Path(tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}-", dir=parent))
    atexit.register(_delete, folder, os.getpid())
    return folder


def _delete(folder: Path, owner: int) -> None:
    # A forked process ends before the one that it shares the folder with.
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(prefix: str, parent: Path) -> None:
    """Delete the folders of this user's processes that were killed: asv kills its fork servers."""
    for folder in parent.glob(f"{prefix}*-*"):
        owner = folder.name.removeprefix(prefix).partition("-")[0]
        with suppress(FileNotFoundError):  # another process may sweep too
            mine = owner.isdigit() and folder.stat().st_uid == os.getuid()
            if mine and not _lives(int(owner)):
                shutil.rmtree(folder, ignore_errors=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
