"""Targets made up for the browser tests: repository, conf and results, published for real."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from forked_commands import run_unladen

REPOSITORY_ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = "env"
MACHINE = "lab"
FAILED = None

SUITE: Mapping[str, Mapping[str, Any]] = json.loads(
    (REPOSITORY_ROOT / "results" / "bare" / "benchmarks.json").read_text()
)
CAPABILITY = next(
    name.partition(".")[0] for name in SUITE if name.endswith(".scaling.Agents.track_sdk_bytecodes")
)
"""The one that the targets are asked for."""

PRESENTATION = ("question", "holds", "roles", "headline", "portal")

COLUMNS = ["result", "params", "version", "started_at", "duration"]
COLUMNS += [f"stats_{name}" for name in ("ci_99_a", "ci_99_b", "q_25", "q_75", "number", "repeat")]
COLUMNS += ["samples", "profile"]


@dataclass(frozen=True)
class Made:
    """A series: its axes, and its value by commit and cell (``FAILED``, NaN for n/a). ``notes``: by
    commit and cell; ``wrong``: likewise, what is wrong with the outcomes that are; ``said``: how it
    is to be shown, if not as the series of the suite that is called so."""

    name: str
    kind: str
    unit: str
    group: str
    axes: Mapping[str, Sequence[str]]
    rows: Sequence[Sequence[float | None]]
    direction: str = "lower"
    codes: Sequence[str] = ()
    expected: Mapping[str, Sequence[str]] = field(default_factory=dict)
    about: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[tuple[int, int], str] = field(default_factory=dict)
    wrong: Mapping[tuple[int, int], str] = field(default_factory=dict)
    said: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Target:
    """A target to publish. ``commits``: subject and author, oldest first; ``failure``: the reason
    of what failed; ``tags``: commits by index; ``forks``: likewise, tags of commits that come from
    these; ``beside``: writes what else lies in the folder of its conf, given that, the target's
    name and its newest commit."""

    name: str
    commits: Sequence[tuple[str, str]]
    series: Sequence[Made]
    failure: str = "ValueError: broken"
    project_url: str = "https://example.org/project"
    show_commit_url: str = "https://example.org/commit/"
    tags: Mapping[str, int] = field(default_factory=dict)
    forks: Mapping[str, int] = field(default_factory=dict)
    beside: Callable[[Path, str, str], None] | None = None


def write_target(folder: Path, target: Target) -> Path:
    """Write repository, conf and results of a target below ``folder``; the path of the conf."""
    home = folder / "targets" / target.name
    home.mkdir(parents=True)
    hashes = _write_repository(folder / "repositories" / target.name, target)
    results = folder / "results" / target.name
    _write_results(results, target, hashes)
    if target.beside is not None:
        target.beside(home, target.name, hashes[-1])
    conf = {
        "version": 1,
        "project": target.name,
        "project_url": target.project_url,
        "show_commit_url": target.show_commit_url,
        "repo": str(folder / "repositories" / target.name),
        "dvcs": "unladen",
        "branches": ["main"],
        "plugins": [".unladen.plugin"],
        "environment_type": "unladen",
        "benchmark_dir": "benchmarks",
        "env_dir": f"../../env/{target.name}",
        "results_dir": f"../../results/{target.name}",
        "html_dir": f"../../html/{target.name}",
        "lock": "requirements.txt",
    }
    path = home / "asv.conf.json"
    path.write_text(json.dumps(conf))
    return path


def publish(conf: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Publish a target as its user would."""
    variables = {**os.environ, "PYTHONPATH": str(REPOSITORY_ROOT)}
    return run_unladen(["--config", str(conf), "publish", *options], conf.parent, variables)


def publish_all(folder: Path, targets: Sequence[Target], *options: str) -> Path:
    """Write and publish targets, with these options; the folder of the portal."""
    for target in targets:
        done = publish(write_target(folder, target), *options)
        assert done.returncode == 0, done.stdout + done.stderr
    return folder / "html"


def _write_repository(folder: Path, target: Target) -> list[str]:
    git = ["git", "-C", str(folder)]
    subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True)
    stream = b""
    for n, (subject, author) in enumerate(target.commits):
        name = author.translate({ord(c): " " for c in "<>\n\0"})
        person = f"{name} <ann@example.org> {1_760_000_000 + n * 86_400} +0000".encode()
        message = subject.replace("\n", " ").encode("utf-8", "surrogatepass")
        stream += b"commit refs/heads/main\nmark :%d\nauthor %s\ncommitter %s\n" % (
            n + 1,
            person,
            person,
        )
        stream += b"data %d\n%s\n" % (len(message), message)
        stream += b"from :%d\n" % n if n else b""
        stream += b"M 644 inline file\ndata %d\n%d\n" % (len(str(n)), n)
    for tag, n in target.tags.items():
        stream += b"reset refs/tags/%s\nfrom :%d\n\n" % (tag.encode(), n + 1)
    for tag, n in target.forks.items():
        stream += b"commit refs/tags/%s\ncommitter %s\ndata 0\nfrom :%d\n" % (
            tag.encode(),
            b"Ann <ann@example.org> 1780000000 +0000",
            n + 1,
        )
    subprocess.run([*git, "fast-import", "--quiet"], input=stream, check=True)
    listed = subprocess.run(
        [*git, "rev-list", "--reverse", "main"], check=True, capture_output=True, text=True
    )
    return listed.stdout.split()


def _write_results(folder: Path, target: Target, hashes: Sequence[str]) -> None:
    machine = folder / MACHINE
    machine.mkdir(parents=True)
    machine_file = {"version": 1, "machine": MACHINE, "cpu": "Made up", "num_cpu": "2"}
    machine_file |= {"arch": "x86_64", "os": "Linux", "ram": "1"}
    (machine / "machine.json").write_text(json.dumps(machine_file))
    described = {one.name: _description(one) for one in target.series}
    (folder / "benchmarks.json").write_text(json.dumps({"version": 2, **described}))
    for n, commit in enumerate(hashes):
        data = {
            "version": 2,
            "commit_hash": commit,
            "env_name": ENVIRONMENT,
            "date": (1_760_000_000 + n * 86_400) * 1000,
            "params": {"machine": MACHINE, "python": "3.11", "arch": "x86_64", "os": "Linux"},
            "python": "3.11",
            "requirements": {},
            "env_vars": {},
            "result_columns": COLUMNS,
            "results": {one.name: _row(one, n) for one in target.series},
            "durations": {},
        }
        path = machine / f"{commit[:8]}-{ENVIRONMENT}.json"
        path.write_text(json.dumps(data))
        path.with_suffix(".record").write_text(json.dumps(_record(target, n)))


def _description(one: Made) -> dict[str, Any]:
    return {
        "name": one.name,
        "code": f"def {one.name}(): ...",
        "type": "track" if one.kind == "exact" else "time",
        "unit": one.unit,
        "kind": one.kind,
        "group": one.group,
        "direction": one.direction,
        "tolerance": 0.0,
        "version": "1",
        "timeout": 60,
        "param_names": list(one.axes),
        "params": [list(points) for points in one.axes.values()],
        "codes": list(one.codes),
        "expected": {case: list(words) for case, words in one.expected.items()},
        "about": dict(one.about),
        **_presentation(one),
    }


def _presentation(one: Made) -> dict[str, Any]:
    said = one.said or SUITE.get(one.name, {})
    return {key: said[key] for key in PRESENTATION if key in said}


def _row(one: Made, commit: int) -> list[Any]:
    values = list(one.rows[commit])
    row: list[Any] = [values, [list(points) for points in one.axes.values()], "1", 0, 1.0]
    if one.kind != "exact":
        spread = [None if v is None else (v * 0.97, v * 1.03, v * 0.99, v * 1.01) for v in values]
        row += [[part and part[n] for part in spread] for n in range(4)]
        row += [[1] * len(values), [4] * len(values)]
        row += [[None if v is None else [v * 0.99, v, v, v * 1.01] for v in values]]
    return row


def _record(target: Target, commit: int) -> dict[str, Any]:
    failed, notes, wrong = [], [], []
    for one in target.series:
        cells = _cells(list(one.axes.values()))
        notes += [
            {"series": one.name, "params": cells[cell], "text": text}
            for (at, cell), text in one.notes.items()
            if at == commit
        ]
        wrong += [
            {"series": one.name, "params": cells[cell], "reason": text}
            for (at, cell), text in one.wrong.items()
            if at == commit
        ]
        failed += [
            {"series": one.name, "params": cell, "reason": target.failure, "stderr": ""}
            for cell, value in zip(cells, one.rows[commit], strict=True)
            if value is FAILED
        ]
    environment = {
        "cpu": "Made up",
        "cores": 2,
        "memory": 8_000_000_000,
        "os": "Linux",
        "kernel": "6.1",
        "python": "3.11.7",
        "implementation": "CPython",
        "packages": {"asv_runner": "0.3.2", "sdk": "1.0" if commit < 6 else "1.1"},
        "asv": "0.6.6",
        "asv_runner": "0.3.2",
        "unladen": "0.1.0",
        "load_average": [0.5, 0.5, 0.5],
    }
    return {
        "version": 1,
        "environment": environment,
        "failed": failed,
        "not_applicable": [],
        "notes": notes,
        "wrong": wrong,
    }


def _cells(axes: Sequence[Sequence[str]]) -> list[list[str]]:
    cells: list[list[str]] = [[]]
    for points in axes:
        cells = [[*cell, point] for cell in cells for point in points]
    return cells
