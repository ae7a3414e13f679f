"""The environment variables and arguments that a benchmark process gets."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from unladen.project.project import Project
from unladen.project.targets import driver_folder

ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
KEPT_VARIABLES = frozenset(
    {"HOME", "LANG", "LANGUAGE", "LD_LIBRARY_PATH", "PATH", "PYTHONHASHSEED", "TMPDIR", "TZ"}
)
KEPT_PREFIXES = ("ASV", "LC_", "UNLADEN_")
_OF_FOLDERS = {"HOME", "LD_LIBRARY_PATH", "PATH", "TMPDIR"}
_OF_A_RUN = ("ASV", "UNLADEN_REPO_", "UNLADEN_SIDE", "UNLADEN_TARGET")
LIVE_PREFIX = "UNLADEN_LIVE_"
"""Begins the variables of the live model, its key among them."""
SIDE_VARIABLE = "UNLADEN_SIDE"
"""Tells a process of a measurement side by side where its commit's code is."""
TARGET_VARIABLE = "UNLADEN_TARGET_DIR"
"""Tells ``targets.loading`` where the driver is, if it is not in the suite's ``targets``."""


def own_driver_folder(project: Project) -> Path:
    """The folder that holds the target's driver, links followed."""
    return driver_folder(project.folder, project.name).resolve()


def driver_variables(project: Project) -> dict[str, str]:
    """The variable that names the folder of the target's driver; none for one of the suite's."""
    folder = own_driver_folder(project)
    in_suite = project.root / "targets" / project.name
    return {} if folder == in_suite else {TARGET_VARIABLE: str(folder)}


def benchmark_variables(
    inherited: Mapping[str, str], configured: Mapping[str, str], *, live: bool = False
) -> dict[str, str]:
    """The environment variables of a benchmark process: the few that a program needs to run.

    No secrets reach an SDK, and exact memory figures do not move with what else happens to be set.
    The one exception is ``live``: a process that asks a live model gets its variables.
    ``configured``, the ``matrix.env`` of the conf, has the last word.
    """
    kept = {k: v for k, v in inherited.items() if _is_kept(k, live)}
    return {**kept, **ONE_THREAD, **configured}


def setting_digest(
    inherited: Mapping[str, str], configured: Mapping[str, str], more: Sequence[object]
) -> str:
    """A digest of the variables that benchmark processes get, without those that name folders or
    tell which commit it is, and of ``more``, which is JSON."""
    given = benchmark_variables(inherited, configured)
    counting = {
        name: value
        for name, value in given.items()
        if name not in _OF_FOLDERS and not name.startswith(_OF_A_RUN)
    }
    text = json.dumps([counting, *more], sort_keys=True)
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()[:16]


def without_driver(variables: Mapping[str, str]) -> dict[str, str]:
    """The variables without what somebody else may have said of a driver's folder."""
    return {name: value for name, value in variables.items() if name != TARGET_VARIABLE}


def asks_a_live_model(
    arguments: Sequence[str], variables: Mapping[str, str], live: frozenset[str]
) -> bool:
    """Whether asv's arguments are those of the one process that does: the ``setup_cache`` of one of
    the ``live`` series, whose figures the others read.

    Never side by side with another commit: one paid run, read in every round, would look
    like samples that do not scatter.
    """
    return (
        "setup_cache" in arguments
        and not live.isdisjoint(arguments)
        and SIDE_VARIABLE not in variables
    )


def _is_kept(name: str, live: bool) -> bool:
    if name.startswith(LIVE_PREFIX):
        return live
    return name in KEPT_VARIABLES or name.startswith(KEPT_PREFIXES)


def launched(arguments: Sequence[str], project: Project) -> list[str]:
    """The arguments, begun so that the process has fixed addresses, where the benchmarks have
    ``meters/addresses.py``."""
    launcher = project.root / "meters" / "addresses.py"
    return [str(launcher), *arguments] if launcher.is_file() else [*arguments]
