"""How often a gate flags a commit against itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from unladen.compare.ab.benchmark_setup import BenchmarkSetup
from unladen.compare.ab.cells import cells_of
from unladen.compare.ab.interleaved import InterleavedRunner
from unladen.compare.ab.statistics import share_interval
from unladen.compare.gate.model import COULD_NOT_JUDGE, Finding, Judgement
from unladen.compare.gate.run import Options, choose_series, look_at
from unladen.repo.commits import Commit

FLAGS = (Judgement.REGRESSION, Judgement.BROKEN, Judgement.WRONG, Judgement.GONE)
"""What makes a gate fail."""

FLAGGED_FIRST = (
    *FLAGS,
    Judgement.MINOR,
    Judgement.IMPROVEMENT,
    Judgement.MINOR_BETTER,
    Judgement.CLEARED,
    Judgement.UNDECIDED,
    Judgement.FLAGGED,
)
"""What the first look flagged or doubted, whatever came of it."""


@dataclass(frozen=True)
class Run:
    """One gate. ``failed``: cells that made it fail; ``better``: called better, which is as wrong;
    ``flagged``: cells that the first look flagged; ``undecided``: that could not be judged."""

    failed: Sequence[Finding]
    better: Sequence[Finding]
    flagged: int
    undecided: Sequence[Finding] = ()


@dataclass(frozen=True)
class GateCalibration:
    """Gates of a commit against itself. ``cells``: values compared in each."""

    target: str
    commit: Commit
    cells: int
    runs: Sequence[Run]
    seconds: float

    @property
    def failures(self) -> int:
        """How many gates failed."""
        return sum(bool(run.failed) for run in self.runs)

    @property
    def wrong(self) -> int:
        """How many gates called anything changed by a threshold or more, worse or better."""
        return sum(bool(run.failed or run.better) for run in self.runs)

    @property
    def undecided(self) -> int:
        """How many gates could not judge."""
        return sum(bool(run.undecided and not run.failed) for run in self.runs)

    @property
    def interval(self) -> tuple[float, float]:
        """95 % confidence interval of the share of gates that fail."""
        return share_interval(self.failures, len(self.runs))


def calibrate(
    setup: BenchmarkSetup,
    commit: Commit,
    options: Options,
    runs: int,
    stage: Callable[[str], None],
) -> Iterator[Run]:
    """The sampled part of ``runs`` gates, each with checkouts and processes of its own."""
    chosen = [one for one in choose_series(setup, options.series) if not one.is_exact]
    cells = cells_of(chosen)
    for number in range(runs):

        def report(text: str, number: int = number) -> None:
            stage(f"gate {number + 1} of {runs}: {text}")

        with InterleavedRunner(setup, [commit.hash, commit.hash]) as runner:
            findings = look_at(runner, cells, options, report).findings
        yield Run(
            failed=[one for one in findings if one.judgement in FLAGS],
            better=[one for one in findings if one.judgement is Judgement.IMPROVEMENT],
            flagged=sum(one.judgement in FLAGGED_FIRST for one in findings),
            undecided=[one for one in findings if one.judgement in COULD_NOT_JUDGE],
        )
