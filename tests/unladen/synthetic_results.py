"""Results made up for a whole history, as large as wanted, written as asv and unladen write them.

    python tests/unladen/synthetic_results.py FOLDER --commits 500 --series 600

makes a folder with a repository, an ``asv.conf.json``, and results of machine ``lab`` with their
records. Three in five values are of exact series, the others of sampled ones: log-normal noise with
an outlier now and then, kept with asv's statistics. Series step, drift, fail for some commits, and
are n/a at first. The host is half as fast for one commit in twenty (a block of the history, which
is measured newest first), and the calibration in the records shows it. ``truth.json`` lists it all.
The same arguments give the same bytes.

Then ``unladen --config FOLDER/asv.conf.json changes`` works on it, and so do ``table`` and
``publish``.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from asv.benchmarks import Benchmarks
from asv.machine import Machine
from asv.results import Results
from made_records import CIRCUMSTANCES
from numpy.typing import NDArray

from unladen.measure.calibration import VERSION
from unladen.store import records
from unladen.store.owner import claim

MACHINE = "lab"
ENVIRONMENT = "unladen-py3.11"
CELLS = 5
"""Parameter combinations of a series, unless said otherwise."""

_START = 1_700_000_000
_HOUR = 3600
_COLUMNS = ["result", "params", "version", "started_at", "duration"]
_STATISTICS = ["ci_99_a", "ci_99_b", "q_25", "q_75", "number", "repeat"]
_GROUPS = (("calls", "calls"), ("bytecodes", "work"), ("bytes", "memory"))
_CPU = "a made-up CPU"
_NOISE = 0.02
_CALIBRATION = 0.002


@dataclass(frozen=True)
class Event:
    """Something that happens to a cell. ``kind``: ``step``, ``drift`` (over ``length`` commits),
    ``failure`` (for ``length`` commits), ``n/a`` (until ``commit``) or ``host``. ``commit``: the
    index of the first. ``ratio``: after over before, 1 where that says nothing."""

    kind: str
    series: str
    cell: int
    commit: int
    length: int
    ratio: float


@dataclass
class Truth:
    """What was put in. ``hashes``: of the commits, oldest first."""

    hashes: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


@dataclass
class _Series:
    """One series: its values and statuses (" " measured, "f" failed, "n" n/a) by commit, cell."""

    name: str
    is_exact: bool
    unit: str
    group: str
    points: list[str]
    values: NDArray[np.float64]
    statuses: NDArray[np.str_]


def write_history(
    folder: Path, commits: int, series: int, cells: int = CELLS, seed: int = 1
) -> Truth:
    """Make the folder, which must not exist. ``series``: counted as what is drawn: values of a
    commit, ``cells`` of which make one benchmark. Takes a minute for 1,000 x 500."""
    folder.mkdir(parents=True)
    truth = Truth(_write_repository(folder / "repository", commits))
    random = np.random.default_rng(seed)
    slow = _slow_commits(random, commits, truth)
    made = [
        _made(random, number, min(cells, series - number * cells), commits, slow, truth)
        for number in range(-(-series // cells))
    ]
    _write_conf(folder)
    results = folder / "results"
    (results / MACHINE).mkdir(parents=True)
    claim(results, "synthetic")
    _write_benchmarks(results / "benchmarks.json", made)
    machine = {"arch": "x86_64", "cpu": _CPU, "machine": MACHINE, "num_cpu": "2"}
    machine |= {"os": "Linux", "ram": "8000000000"}
    _write(results / MACHINE / "machine.json", {**machine, "version": Machine.api_version})
    for commit in range(commits):
        path = results / MACHINE / f"{truth.hashes[commit][:8]}-{ENVIRONMENT}.json"
        # Newest first, as asv measures.
        began = (_START + (2 * commits - commit) * _HOUR) * 1000
        _write(path, _results(truth.hashes[commit], commit, machine, made, began))
        score = _CALIBRATION * (2 if slow[commit] else 1) * random.lognormal(0, _NOISE)
        _write_record(path, commit, made, began, score)
    _write(folder / "truth.json", asdict(truth))
    return truth


def _write_repository(folder: Path, commits: int) -> list[str]:
    """A repository with a line of commits on ``main``; their hashes, oldest first."""
    subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True)
    stream = []
    for n in range(commits):
        person = f"Ann <ann@example.org> {_START + n * _HOUR} +0000"
        subject, text = f"Change number {n}", f"{n}\n"
        parent = f"from :{n}\n" if n else ""
        stream.append(
            f"commit refs/heads/main\nmark :{n + 1}\nauthor {person}\ncommitter {person}\n"
            f"data {len(subject)}\n{subject}\n{parent}M 644 inline src/code.py\n"
            f"data {len(text)}\n{text}\n"
        )
    git = ["git", "-C", str(folder)]
    subprocess.run([*git, "fast-import", "--quiet"], input="".join(stream).encode(), check=True)
    listed = subprocess.run(
        [*git, "rev-list", "--reverse", "main"], check=True, capture_output=True, text=True
    )
    return listed.stdout.split()


def _slow_commits(random: np.random.Generator, commits: int, truth: Truth) -> NDArray[np.bool_]:
    """Which commits were measured while the host was slow."""
    slow = np.zeros(commits, dtype=bool)
    length = commits // 20
    if length:
        start = int(random.integers(commits // 4, commits // 2))
        slow[start : start + length] = True
        truth.events.append(Event("host", "", 0, start, length, 2.0))
    return slow


def _made(
    random: np.random.Generator,
    number: int,
    cells: int,
    commits: int,
    slow: NDArray[np.bool_],
    truth: Truth,
) -> _Series:
    is_exact = number % 5 < 3
    unit, group = _GROUPS[number % 3] if is_exact else ("seconds", "cpu")
    function = f"track_exact_{number}" if is_exact else f"time_cpu_{number}"
    name = f"module_{number // 20}.Class{number // 5}.{function}"
    level = random.integers(100, 100_000, cells) if is_exact else random.uniform(1e-4, 1e-1, cells)
    values = np.tile(level.astype(float), (commits, 1))
    statuses = np.full((commits, cells), " ")
    for cell in range(cells):
        for event in _events(random, name, cell, commits, is_exact):
            _apply(event, values[:, cell], statuses[:, cell])
            truth.events.append(event)
    if is_exact:
        values = values.round()
    else:
        noise = random.lognormal(0, _NOISE, values.shape)
        outliers = 1 + random.exponential(0.5, values.shape) * (random.random(values.shape) < 0.01)
        values = values * noise * outliers * np.where(slow, 2.0, 1.0)[:, None]
    points = [str(10 * (point + 1)) for point in range(cells)]
    return _Series(name, is_exact, unit, group, points, values, statuses)


def _events(
    random: np.random.Generator, name: str, cell: int, commits: int, is_exact: bool
) -> list[Event]:
    """What happens to a cell: about one step in 250 commits, the rest seldom."""

    def somewhere() -> int:
        return int(random.integers(1, max(commits, 2)))

    def ratio() -> float:
        return float(random.choice([0.5, 0.8, 0.9, 0.95, 1.05, 1.1, 1.2, 1.5, 2.0]))

    steps = random.poisson(commits / 250)
    events = [Event("step", name, cell, somewhere(), 0, ratio()) for _ in range(steps)]
    if is_exact and random.random() < 0.05 and commits > 20:
        events.append(Event("drift", name, cell, somewhere(), 8, 1.01**8))
    if random.random() < 0.05:
        events.append(Event("failure", name, cell, somewhere(), 5, 1.0))
    if random.random() < 0.05:
        events.append(Event("n/a", name, cell, somewhere() // 2, 0, 1.0))
    return events


def _apply(event: Event, values: NDArray[np.float64], statuses: NDArray[np.str_]) -> None:
    start, stop = event.commit, event.commit + event.length
    if event.kind == "step":
        values[start:] *= event.ratio
    elif event.kind == "drift":
        values[start:] *= 1.01 ** np.minimum(np.arange(1, len(values) - start + 1), event.length)
    elif event.kind == "failure":
        statuses[start:stop] = "f"
    else:
        statuses[:start] = "n"


def _results(
    commit: str, index: int, machine: dict[str, str], made: Sequence[_Series], began: int
) -> dict[str, Any]:
    """A results file. ``began``: when the commit was measured, milliseconds since 1970."""
    return {
        "commit_hash": commit,
        "env_name": ENVIRONMENT,
        "date": (_START + index * _HOUR) * 1000,
        "params": {**machine, "python": "3.11"},
        "python": "3.11",
        "requirements": {},
        "env_vars": {},
        "result_columns": [*_COLUMNS, *(f"stats_{n}" for n in _STATISTICS), "samples", "profile"],
        "results": {s.name: _row(s, index, began + 1000 + n) for n, s in enumerate(made)},
        "durations": {},
        "version": Results.api_version,
    }


def _row(series: _Series, commit: int, began: int) -> list[Any]:
    values = [
        {"f": None, "n": float("nan")}.get(status, value)
        for status, value in zip(series.statuses[commit], series.values[commit], strict=True)
    ]
    if series.is_exact:
        values = [int(v) if v is not None and v == v else v for v in values]
    result = values if any(value is not None for value in values) else None
    row = [result, [series.points], "1", began, 0.1]
    if not series.is_exact and result is not None:
        factors = (0.97, 1.03, 0.99, 1.01)
        for factor in factors:
            row.append([v * factor if v is not None and v == v else None for v in values])
        for count in (1, 10):
            row.append([count if v is not None and v == v else None for v in values])
        row[5:] = [c if any(v is not None for v in c) else None for c in row[5:]]
    return row


def _write_record(
    path: Path, commit: int, made: Sequence[_Series], began: int, score: float
) -> None:
    def where(status: str) -> list[tuple[str, tuple[str, ...]]]:
        return [
            (series.name, (series.points[cell],))
            for series in made
            for cell in np.flatnonzero(series.statuses[commit] == status)
        ]

    record = records.Record(
        environment=replace(
            CIRCUMSTANCES, cpu=_CPU, memory=8_000_000_000, load_average=(0.5, 0.5, 0.5)
        ),
        failed=tuple(records.Failure(*at, "ValueError: broken", "Traceback") for at in where("f")),
        not_applicable=tuple(records.NotApplicable(*at, "not there yet") for at in where("n")),
        sessions=(
            records.Session(
                started=began,
                ended=began + 600_000,
                cpu=_CPU,
                load_before=(0.5, 0.5, 0.5),
                load_after=(1.0, 0.7, 0.6),
                calibration=records.Calibration(VERSION, score, score),
            ),
        ),
    )
    record.save(records.record_path(path))


def _write_benchmarks(path: Path, made: Sequence[_Series]) -> None:
    entries = {
        series.name: {
            "name": series.name,
            "code": f"def {series.name.rpartition('.')[2]}(self, size): ...",
            "type": "track" if series.is_exact else "time",
            "kind": "exact" if series.is_exact else "sampled",
            "unit": series.unit,
            "group": series.group,
            "direction": "lower",
            "tolerance": 0.0,
            "version": "1",
            "param_names": ["size"],
            "params": [series.points],
            "timeout": 60.0,
        }
        for series in made
    }
    _write(path, {**entries, "version": Benchmarks.api_version})


def _write_conf(folder: Path) -> None:
    conf = {
        "version": 1,
        "project": "synthetic",
        "project_url": "https://example.org",
        "repo": str(folder.resolve() / "repository"),
        "dvcs": "unladen",
        "branches": ["main"],
        "plugins": [".unladen.plugin"],
        "environment_type": "unladen",
        "paths": ["src"],
        "lock": "requirements.txt",
        "benchmark_dir": "benchmarks",
        "env_dir": "env",
        "results_dir": "results",
        "html_dir": "html",
    }
    _write(folder / "asv.conf.json", conf)


def _write(path: Path, data: object) -> None:
    path.write_text(json.dumps(data))


def main(arguments: Sequence[str] | None = None) -> int:
    """Make a folder of results."""
    parser = argparse.ArgumentParser(description="Make up the results of a whole history.")
    parser.add_argument("folder", type=Path, help="a folder that does not exist")
    add_sizes(parser)
    args = parser.parse_args(arguments)
    if args.folder.exists():
        parser.error(f"{args.folder} exists")
    truth = write_history(args.folder, args.commits, args.series, args.cells, args.seed)
    print(f"{len(truth.hashes)} commits, {len(truth.events)} events: {args.folder}")
    return 0


def add_sizes(parser: argparse.ArgumentParser) -> None:
    """The options that say how much to make."""
    parser.add_argument("--commits", type=int, default=1000, help="(default: %(default)s)")
    parser.add_argument(
        "--series", type=int, default=500, help="values of each commit (default: %(default)s)"
    )
    parser.add_argument(
        "--cells", type=int, default=CELLS, help="of each benchmark (default: %(default)s)"
    )
    parser.add_argument("--seed", type=int, default=1, help="(default: %(default)s)")


if __name__ == "__main__":
    sys.exit(main())
