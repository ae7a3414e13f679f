"""The folders in which workers measure: one at a time in each, so that none share an environment.

A slot is locked with ``flock``: whoever dies lets it go, and the next one finds the environment
that is there already. There are as many as were ever used at once on a host, and removing them all
is safe whenever nothing is measured: the packages are then installed again.
"""

from __future__ import annotations

import fcntl
import itertools
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from unladen.measure.lock import FILE as ENVIRONMENT_LOCK
from unladen.store.cache_folder import user_caches

VARIABLE = "UNLADEN_CLUSTER_DIR"
"""Names the folder of the slots of a worker."""

ENVIRONMENTS, RESULTS, REPOSITORY = "env", "results", "repository"
"""Folders in a slot: the last has the mirror of the SDK's repository, if that is a URL."""


def slots_folder() -> Path:
    """Where this process's slots are: as ``VARIABLE`` says, else a folder in the user's cache."""
    if named := os.environ.get(VARIABLE, ""):
        return Path(named).resolve()
    return (user_caches() / "cluster").resolve()


@contextmanager
def slot(target: str) -> Iterator[Path]:
    """The first slot of a target that nobody uses; it is ours within the block, and nothing that
    was measured there is left in it before and after."""
    folder = slots_folder() / "".join(c if c.isalnum() or c in "-_." else "_" for c in target)
    for number in itertools.count():
        found = folder / f"slot-{number}"
        descriptor = _locked(found / "slot.lock")
        if descriptor is None:
            continue
        try:
            # What a worker has started that was killed may end a moment later than it.
            if not _is_free(found / ENVIRONMENTS / ENVIRONMENT_LOCK):
                continue
            shutil.rmtree(found / RESULTS, ignore_errors=True)
            yield found
            shutil.rmtree(found / RESULTS, ignore_errors=True)
            return
        finally:
            os.close(descriptor)


def _is_free(path: Path) -> bool:
    descriptor = _locked(path)
    if descriptor is not None:
        os.close(descriptor)
    return descriptor is not None


def _locked(path: Path) -> int | None:
    """A descriptor that keeps the file locked as long as it is open; None if somebody else does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor
