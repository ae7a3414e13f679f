"""The CPU that a negotiation costs at two commits, measured side by side.

``python tests/parley/measure_cpu.py OLD NEW`` measures the commits (any name that git knows in the
sample SDK's repository) in rounds, a fresh process each, the order alternating, and prints NEW /
OLD with a confidence interval: of the rounds' minima and of their medians. Only these ratios mean
something; the seconds are this machine's, at this moment.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import measured_history
from measured_history import ROOT, Subject, check_out
from paired import paired_ratio

from mocks.worlds.negotiation.script import Scenario
from unladen.errors import UserError
from unladen.text.terminal import last_line

ROUNDS, RUNS = 20, 200


@dataclass(frozen=True)
class Rounds:
    """CPU seconds of one commit: the minimum and the median of the runs of each round."""

    minima: Sequence[float]
    medians: Sequence[float]


def main(arguments: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("old", metavar="OLD")
    parser.add_argument("new", metavar="NEW")
    parser.add_argument("--scenario", default="plan", choices=list(Scenario))
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"default: {ROUNDS}")
    parser.add_argument("--runs", type=int, default=RUNS, help=f"in each round, default: {RUNS}")
    options = parser.parse_args(arguments)
    if min(options.rounds, options.runs) < 1:
        parser.error("--rounds and --runs must be 1 or more")
    try:
        subject = measured_history.parley()
        commits = [resolve(subject, name) for name in (options.old, options.new)]
        old, new = compare(subject, commits, options.scenario, options.rounds, options.runs)
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    for commit, rounds in zip(commits, (old, new), strict=True):
        best, typical = min(rounds.minima), statistics.median(rounds.medians)
        print(f"{commit[:8]}  minimum {best * 1e3:.4f} ms, median {typical * 1e3:.4f} ms")
    print(f"ratio of minima   {paired_ratio(old.minima, new.minima)}")
    print(f"ratio of medians  {paired_ratio(old.medians, new.medians)}")
    return 0


def compare(
    subject: Subject, commits: Sequence[str], scenario: str, rounds: int, runs: int
) -> list[Rounds]:
    """Measure the commits in interleaved rounds; one ``Rounds`` for each commit.

    Raises ``UserError`` if a negotiation fails.
    """
    minima: list[list[float]] = [[] for _ in commits]
    medians: list[list[float]] = [[] for _ in commits]
    with tempfile.TemporaryDirectory() as folder:
        roots = []
        for number, commit in enumerate(commits):
            tree = Path(folder, str(number))
            tree.mkdir()
            roots.append(check_out(subject, commit, tree))
        order = list(range(len(commits)))
        for _ in range(rounds):
            for number in order:
                seconds = _one_process(subject.target, roots[number], scenario, runs)
                minima[number].append(min(seconds))
                medians[number].append(statistics.median(seconds))
            order.reverse()
    return [Rounds(*pair) for pair in zip(minima, medians, strict=True)]


def resolve(subject: Subject, name: str) -> str:
    """The full hash of a commit. Raises ``UserError`` if git does not know the name."""
    command = ["git", "-C", str(subject.repository), "rev-parse", "--verify", "--quiet"]
    done = subprocess.run(
        [*command, "--end-of-options", f"{name}^{{commit}}"], capture_output=True, text=True
    )
    if done.returncode:
        raise UserError(f"no such commit, branch or tag: {name}")
    return done.stdout.strip()


def _one_process(target: str, root: Path, scenario: str, runs: int) -> list[float]:
    launcher, script = (
        ROOT / "meters" / "addresses.py",
        Path(__file__).with_name("negotiation_cpu.py"),
    )
    environment = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
    environment["UNLADEN_TARGET"] = target
    environment["PYTHONPATH"] = os.pathsep.join([str(root), str(ROOT)])
    done = subprocess.run(
        [sys.executable, str(launcher), str(script), scenario, str(runs)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise UserError(f"a negotiation failed: {last_line(done.stderr)}")
    seconds: list[float] = json.loads(done.stdout)
    return seconds


if __name__ == "__main__":
    sys.exit(main())
