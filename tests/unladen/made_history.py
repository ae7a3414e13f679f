"""Histories made up for tests: in memory, or as a repository with results files."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from forked_commands import run_unladen

from unladen.changes.model import Change
from unladen.history.history import History
from unladen.history.series_history import CODES, SeriesHistory
from unladen.labels.check import WrongValue
from unladen.project import project as target
from unladen.repo.commits import Commit
from unladen.store.series import SeriesInfo, Status
from unladen.store.verdicts import Ruling, Verdict, Verdicts

ROOT = Path(__file__).resolve().parents[2]

WRONG = "the part that was asked for was never made"
"""What is wrong with the outcomes in these histories that are."""

OLD_FAILURE = f"benchmarks._outcome.WrongOutcome: {WRONG}"
"""As it was stored before there were values of wrong outcomes."""

Value = float | int | str | WrongValue | None
"""A number, that of a wrong outcome, ``"n/a"``, None for not measured; else why it failed,
``"failed"`` for any reason."""

COLUMNS = ["result", "params", "version", "started_at", "duration"]
COLUMNS += [f"stats_{name}" for name in ("ci_99_a", "ci_99_b", "q_25", "q_75", "number", "repeat")]
COLUMNS += ["samples", "profile"]


def series(name: str = "m.C.track_x", **changes: Any) -> SeriesInfo:
    """An exact series without parameters."""
    fields: dict[str, Any] = {
        "name": name,
        "kind": "exact",
        "unit": "calls",
        "group": "work",
        "version": "1",
        "higher_is_better": False,
        "tolerance": 0.0,
        "axes": {},
    }
    return SeriesInfo(**{**fields, **changes})


OUTCOMES = ("recovered", "degraded and reported", "typed error", "untyped crash", "hang")

CASES = ("offer: hangs", "offer: 429", "center: raises")


def outcomes(name: str = "talk.faults.Run.track_outcome", **changes: Any) -> SeriesInfo:
    """A series of outcomes of ``CASES``, all of which may be recovered from or be a typed error."""
    fields: dict[str, Any] = {
        "unit": "outcome",
        "group": "outcome",
        "axes": {"fault": [repr(case) for case in CASES]},
        "codes": OUTCOMES,
        "expected": dict.fromkeys(CASES, ("recovered", "typed error")),
        "about": {case: f"about {case}" for case in CASES},
    }
    return series(name, **{**fields, **changes})


def commits(number: int) -> list[Commit]:
    """Commits whose hashes and subjects tell their index: ``00000003...``, ``commit 3``."""
    return [
        Commit(f"{n:08}" + "a" * 32, 1_700_000_000_000 + n * 86_400_000, "Ann", f"commit {n}")
        for n in range(number)
    ]


def history(*rows: tuple[SeriesInfo, Sequence[Value | Sequence[Value]]]) -> History:
    """A history of these series: for each the values by commit, or by commit and cell."""
    number = len(rows[0][1])
    made = [_series_history(info, values) for info, values in rows]
    measured = [
        any(bool((s.statuses[n] != CODES[Status.MISSING]).any()) for s in made)
        for n in range(number)
    ]
    return History("sdk", "lab", "env", commits(number), measured, made, [])


def ruled(made: History, change: Change, ruling: Ruling) -> Verdicts:
    """Verdicts that hold one: this on that change."""
    before = made.commits[made.commits.index(change.first_suspect) - 1]
    one = Verdict(
        series=change.series.name,
        version=change.series.version,
        params=change.cell,
        environment=made.environment,
        commit=change.commit.hash,
        before=before.hash,
        after=change.commit.hash,
        ruling=ruling,
        suspected=change.ratio,
        figure_before=1.0,
        figure_after=1.2,
        ratio=1.2,
        low=1.1,
        high=1.3,
        p=0.001,
        rounds=10,
        date="2026-01-01T00:00:00+00:00",
        python="3.11.7",
        cpu="any",
    )
    return Verdicts({one.key: one})


def _series_history(info: SeriesInfo, rows: Sequence[Value | Sequence[Value]]) -> SeriesHistory:
    shape = (len(rows), len(info.cells))
    values, statuses = np.full(shape, np.nan), np.zeros(shape, dtype=np.uint8)
    reasons = {}
    for n, row in enumerate(rows):
        cells = row if isinstance(row, list | tuple) else [row]
        for cell, value in enumerate(cells):
            statuses[n, cell] = CODES[_status(value)]
            if isinstance(value, int | float):
                values[n, cell] = value
            elif isinstance(value, WrongValue):
                values[n, cell] = value.value
                reasons[n, cell] = WRONG
            elif isinstance(value, str) and value != "n/a":
                reasons[n, cell] = "ValueError: broken" if value == "failed" else value
    return SeriesHistory(info, values, statuses, reasons, {}, {})


def _status(value: Value) -> Status:
    if value is None:
        return Status.MISSING
    if isinstance(value, str):
        return Status.NOT_APPLICABLE if value == "n/a" else Status.FAILED
    return Status.WRONG if isinstance(value, WrongValue) else Status.MEASURED


@dataclass
class Project:
    """A folder with a repository, a conf and results of machine ``lab``."""

    folder: Path
    hashes: list[str]

    def read(self) -> target.Project:
        """What the conf says now."""
        return target.read_project(self.folder / "asv.conf.json")

    @property
    def results(self) -> Path:
        """The results folder."""
        return self.folder / "results"

    def file(self, commit: int, machine: str = "lab") -> Path:
        """Where the results of a commit, by its index, lie."""
        return self.results / machine / f"{self.hashes[commit][:8]}-env.json"

    def unladen(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run our command line in the project's folder."""
        variables = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(self.folder)}
        return run_unladen(arguments, self.folder, variables)

    def describe(self, *infos: SeriesInfo) -> None:
        """Write ``benchmarks.json``."""
        entries = {
            info.name: {
                "name": info.name,
                "kind": info.kind,
                "unit": info.unit,
                "group": info.group,
                "direction": "higher" if info.higher_is_better else "lower",
                "tolerance": info.tolerance,
                "version": info.version,
                "param_names": list(info.axes),
                "params": [list(points) for points in info.axes.values()],
                "codes": list(info.codes),
                "expected": {case: list(words) for case, words in info.expected.items()},
                "about": dict(info.about),
                "question": info.question,
                "holds": dict(info.holds),
                "roles": dict(info.roles),
                "headline": None if info.headline is None else asdict(info.headline),
                "portal": None if info.portal is None else asdict(info.portal),
            }
            for info in infos
        }
        self.results.mkdir(exist_ok=True)
        (self.results / "benchmarks.json").write_text(json.dumps({"version": 2, **entries}))

    def store(self, commit: int, rows: Mapping[str, Sequence[Any]], machine: str = "lab") -> None:
        """Write a results file. ``rows``: by series, in the order of ``COLUMNS``."""
        data = {
            "version": 2,
            "commit_hash": self.hashes[commit],
            "env_name": "env",
            "date": 0,
            "params": {},
            "python": "3.11",
            "requirements": {},
            "env_vars": {},
            "result_columns": COLUMNS,
            "results": rows,
            "durations": {},
        }
        path = self.file(commit, machine)
        path.parent.mkdir(exist_ok=True)
        (path.parent / "machine.json").write_text('{"version": 1, "machine": "lab"}')
        path.write_text(json.dumps(data))

    def record(
        self,
        commit: int,
        failed: Sequence[tuple[str, Sequence[str], str]] = (),
        notes: Sequence[tuple[str, Sequence[str], str]] = (),
        wrong: Sequence[tuple[str, Sequence[str], str]] = (),
    ) -> None:
        """Write the record of failures, of notes and of wrong outcomes: series, parameters, reason
        or text."""
        entries = [
            {"series": name, "params": list(params), "reason": reason, "stderr": ""}
            for name, params, reason in failed
        ]
        said = [{"series": name, "params": [*params], "text": text} for name, params, text in notes]
        record = {"version": 1, "environment": None, "failed": entries, "not_applicable": []}
        record["notes"] = said
        record["wrong"] = [
            {"series": name, "params": [*params], "reason": reason}
            for name, params, reason in wrong
        ]
        self.file(commit).with_suffix(".record").write_text(json.dumps(record))


def write_project(folder: Path, paths: Sequence[str], *touched: str) -> Project:
    """A repository with a commit for each of ``touched``, the file that it changes.

    ``paths``: as in the conf. The subject of each commit holds an escape sequence.
    """
    repository = folder / "repository"
    subprocess.run(["git", "init", "-q", "-b", "main", str(repository)], check=True)
    stream = ""
    for n, file in enumerate(touched):
        person = f"Ann <ann@example.org> {1_700_000_000 + n * 86_400} +0000"
        subject = f"commit {n} \x1b[31mred"
        parent = f"from :{n}\n" if n else ""
        stream += (
            f"commit refs/heads/main\nmark :{n + 1}\nauthor {person}\ncommitter {person}\n"
            f"data {len(subject)}\n{subject}\n{parent}M 644 inline {file}\n"
            f"data {len(str(n))}\n{n}\n"
        )
    command = ["git", "fast-import", "--quiet"]
    subprocess.run(command, cwd=repository, input=stream.encode(), check=True)
    listed = subprocess.run(
        ["git", "rev-list", "--reverse", "main"],
        cwd=repository,
        check=True,
        capture_output=True,
        text=True,
    )
    conf = {
        "version": 1,
        "project": "sdk",
        "repo": str(repository),
        "dvcs": "unladen",
        "branches": ["main"],
        "plugins": [".unladen.plugin"],
        "paths": list(paths),
        "environment_type": "unladen",
        "results_dir": "results",
        "benchmark_dir": "b",
        "env_dir": "e",
        "html_dir": "h",
        "lock": "l",
    }
    (folder / "asv.conf.json").write_text(json.dumps(conf))
    # The folder is the home of its commands, whose machine is lab.
    machines = {"version": 1, "lab": {"machine": "lab"}}
    (folder / ".asv-machine.json").write_text(json.dumps(machines))
    return Project(folder, listed.stdout.split())
