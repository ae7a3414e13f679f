"""Commits of the sample SDK, measured again here to be explained."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from measured_history import ROOT, Subject, check_out

from unladen.asv_bridge.environments import Ended
from unladen.compare.ab.cells import Cell
from unladen.explain.run import CommitPair, pair_of
from unladen.repo.commits import Commit
from unladen.repo.repository import Repository
from unladen.store.benchmarks_file import load_series


class Checkouts:
    """In place of environments: this one, with the sources of commits. ``seed``: of hashes."""

    def __init__(self, parley: Subject, pair: CommitPair, folder: Path, seed: int = 1) -> None:
        self._target = parley.target
        self._seed = seed
        self._roots = [
            check_out(parley, commit.hash, _made(folder / commit.short))
            for commit in (pair.before, pair.after)
        ]

    def ended(self, side: int, arguments: Sequence[str]) -> Ended:
        """Run Python."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={
                "UNLADEN_TARGET": self._target,
                "PYTHONPATH": str(self._roots[side]),
                "PYTHONHASHSEED": str(self._seed),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        return Ended(done.stdout, done.stderr, done.returncode)


def stored_cell(name: str, *params: str) -> Cell:
    """A cell, as the committed results have its series."""
    series = load_series(ROOT / "results" / "parley")[name]
    return Cell(series, series.cells.index(params))


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def pair_called(parley: Subject, subject: str) -> CommitPair:
    """The commit of this subject, and the one before."""
    return _pair(parley, next(one for one in parley.commits if one.subject == subject))


def pair_at(parley: Subject, commit: str) -> CommitPair:
    """The commit of this hash, and the one before."""
    return _pair(parley, next(one for one in parley.commits if one.hash == commit))


def _pair(parley: Subject, after: Commit) -> CommitPair:
    number = [one.hash for one in parley.commits].index(after.hash)
    repository = Repository(str(parley.repository), parley.target)
    return pair_of(repository, parley.commits[number - 1], after, [parley.import_root])
