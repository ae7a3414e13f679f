"""The processes of commits that say what was done: each commit is checked out as long as it is
asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from unladen.asv_bridge.environments import Ended
from unladen.compare.ab.benchmark_setup import BenchmarkSetup
from unladen.compare.ab.interleaved import InterleavedRunner


class AsksCommits(Protocol):
    """Starts processes that see a commit, by its number."""

    def ended(self, side: int, arguments: Sequence[str]) -> Ended:
        """As ``InterleavedRunner`` has it."""


class CommitsInTurn:
    """Of many commits, of which only those take time that are asked."""

    def __init__(self, setup: BenchmarkSetup, commits: Sequence[str]) -> None:
        """Nothing is checked out yet."""
        self._setup = setup
        self._commits = tuple(commits)

    def ended(self, side: int, arguments: Sequence[str]) -> Ended:
        """A process that sees the commit of this number. Raises ``UserError``."""
        with InterleavedRunner(self._setup, [self._commits[side]]) as runner:
            return runner.ended(0, arguments)
