"""``run --exact-only``."""

from __future__ import annotations

import json

from tiny_project import TinyProject

RUN = ("--target", "tiny", "run", "--machine", "lab", "--no-carry")


def test_what_is_not_exact_is_neither_measured_nor_forgotten(measured: TinyProject) -> None:
    commit = measured.history.commits["good"]
    for path in (measured.folder / "results" / "tiny").glob("*/*"):
        if commit[:8] in path.name:
            path.unlink()
    done = measured.unladen(*RUN, f"{commit}^!", "--exact-only")
    assert done.returncode == 0, done.stdout + done.stderr
    (path,) = (measured.folder / "results" / "tiny" / "lab").glob(f"{commit[:8]}-*.json")
    assert list(json.loads(path.read_text())["results"]) == ["work.Work.track_value"]
    described = json.loads((measured.folder / "results" / "tiny" / "benchmarks.json").read_text())
    assert {"work.track_seconds", "work.track_environment"} < described.keys()


def test_where_nothing_is_exact_it_says_so(measured: TinyProject) -> None:
    commit = measured.history.commits["good"]
    done = measured.unladen(*RUN, f"{commit}^!", "--exact-only", "--bench", "track_seconds")
    assert done.returncode != 0
    assert "No benchmarks selected" in done.stdout + done.stderr
