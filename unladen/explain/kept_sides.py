"""What processes of a commit said of a figure, kept from one command to the next: any two commits
are explained by what each of them did, and to measure that takes long.

It lies in the user's folder of caches, a compressed file for each, and is valid where an exact
value would be: for the same commit, series and version, Python, packages, driver and variables;
and for the same code of the suite that measures this series.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from unladen.compare.ab.benchmark_setup import BenchmarkSetup
from unladen.compare.ab.cells import Cell
from unladen.explain.measuring_code import MeasuringCode
from unladen.measure.variables import own_driver_folder
from unladen.project.driver_digest import DriverDigests
from unladen.project.project import Project
from unladen.store.cache_folder import user_caches
from unladen.store.caches import mark_used, remove_unused, say_damaged, say_unkept
from unladen.store.json_files import replacing

FORMAT = 2

_DAMAGED = (OSError, EOFError, ValueError, zlib.error)


@dataclass(frozen=True)
class KeptSides:
    """``conditions``: under what is measured now, as JSON; ``driver``: by which driver; ``suite``:
    with which code."""

    folder: Path
    conditions: Mapping[str, object]
    driver: DriverDigests
    suite: MeasuringCode

    def said(self, commit: str, cell: Cell, how: str) -> str | None:
        """What a process of a commit printed when it was asked for a cell in this way; None if that
        is not kept. Of a damaged file a line on standard error says so."""
        key = self._key(commit, cell, how)
        file = self._file(key)
        try:
            found, newline, said = gzip.decompress(file.read_bytes()).decode().partition("\n")
            if not newline:
                raise EOFError("it ends too soon")
        except (FileNotFoundError, NotADirectoryError):
            return None
        except _DAMAGED as error:
            say_damaged(file, error)
            return None
        if found != key:
            return None
        mark_used(file)
        return said

    def keep(self, commit: str, cell: Cell, how: str, said: str) -> None:
        """Keep what a process printed. Where that cannot be, a line on standard error says why."""
        key = self._key(commit, cell, how)
        file = self._file(key)
        try:
            with replacing(file) as temporary:
                temporary.write_bytes(gzip.compress(f"{key}\n{said}".encode(), 6, mtime=0))
        except OSError as error:
            say_unkept("measured", file, error)

    def remove_unused(self) -> None:
        """Remove what nobody has used for long."""
        if self.folder.is_dir():
            remove_unused(self.folder)

    def _key(self, commit: str, cell: Cell, how: str) -> str:
        series = cell.series
        asked = [series.name, series.version, list(cell.params), how]
        code = [self.driver.of(series.parts), self.suite.of(series.name)]
        return json.dumps([FORMAT, commit, asked, code, self.conditions], sort_keys=True)

    def _file(self, key: str) -> Path:
        return self.folder / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.json.gz"


def kept_sides(setup: BenchmarkSetup) -> KeptSides:
    """Those of a target, as it would be measured now."""
    env = setup.environment
    conditions = {
        "project": setup.project.name,
        "python": [env.interpreter.implementation, env.interpreter.version],
        "packages": _packages(setup),
        "variables": env.env_vars,
        "setting": env.setting,
    }
    suite = MeasuringCode(setup.project.root, own_driver_folder(setup.project))
    found = KeptSides(user_caches() / "explained", conditions, env.driver, suite)
    found.remove_unused()
    return found


def _packages(setup: BenchmarkSetup) -> object:
    """Those that all commits have; what a commit brings besides is decided by the commit."""
    project: Project = setup.project
    if project.is_on_path:
        return dict(setup.environment.interpreter.packages)
    return project.lock.read_text(encoding="utf-8") if project.lock else project.commit_lock
