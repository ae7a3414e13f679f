"""The asv benchmark types: their parts, and whole asv runs of a tiny project."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from asv_runner.benchmarks import benchmark_types
from fresh_process import ROOT

from meters import rss
from meters.asv_types import PeakRssBenchmark, Repeat, SampleBenchmark, register

SUITE_INIT = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from meters.asv_types import register
register()
"""

SUITE = """
import itertools

readings = itertools.count(1)


class Suite:
    def setup(self):
        self.setups = getattr(self, "setups", 0) + 1

    def sample_reading(self):
        return 10.0 * self.setups + next(readings)

    sample_reading.unit = "clicks"
    sample_reading.rounds = 3

    def peakrss_five_megabytes(self):
        return len(b"x" * 5_000_000)


def sample_param(n):
    return n * 2.5


sample_param.params = [1, 4]


def sample_broken():
    return "fast"


def sample_absent():
    return 1.0


def setup_absent():
    raise NotImplementedError("no such capability")


sample_absent.setup = setup_absent
"""


class Attributes:
    """A source of benchmark attributes, as asv makes one for its ``-a`` option."""

    def __init__(self, **values: object) -> None:
        vars(self).update(values)


def sample_benchmark(function: Any, **attributes: object) -> SampleBenchmark:
    return SampleBenchmark("suite.sample_it", function, [Attributes(**attributes)])


def constant() -> float:
    return 4.0


def test_names_choose_the_type() -> None:
    assert PeakRssBenchmark.name_regex.match("peakrss_x")
    assert PeakRssBenchmark.name_regex.match("PeakRssOfWork")
    assert SampleBenchmark.name_regex.match("sample_x")
    for name in ("peakmem_x", "track_sample_x", "samples", "my_peakrss_x", "sample_"):
        assert not PeakRssBenchmark.name_regex.match(name)
        assert not SampleBenchmark.name_regex.match(name)


def test_registering_twice_changes_nothing_and_asvs_own_types_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = [kind for kind in benchmark_types if kind not in (PeakRssBenchmark, SampleBenchmark)]
    monkeypatch.setattr("meters.asv_types.benchmark_types", types := list(own))
    register()
    register()
    assert types == [PeakRssBenchmark, SampleBenchmark, *own]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (7, Repeat(7, 7, float("inf"))),
        (0, Repeat(3, 3, float("inf"))),
        ((1, 10, 2.5), Repeat(1, 10, 2.5)),
    ],
)
def test_repeat_is_read_as_asv_writes_it(value: object, expected: Repeat) -> None:
    assert Repeat.parse(value, default=3) == expected


def test_defaults() -> None:
    benchmark = sample_benchmark(constant)
    assert (benchmark.type, benchmark.unit, benchmark.rounds) == ("sample", "unit", 2)
    assert benchmark.run() == {"samples": [4.0] * 5, "number": 1}
    peak = PeakRssBenchmark("suite.peakrss_it", constant, [])
    assert (peak.type, peak.unit, peak.rounds, peak.repeat) == ("peakrss", "bytes", 1, 3)


def test_attributes_added_after_construction_count_from_setup_on() -> None:
    benchmark = sample_benchmark(constant, repeat=4)
    benchmark._attr_sources.insert(0, Attributes(repeat=2))
    assert benchmark.do_setup() is False
    assert len(benchmark.run()["samples"]) == 2


def test_a_spent_time_limit_leaves_the_least_number_of_samples() -> None:
    benchmark = sample_benchmark(constant, repeat=(3, 1000, 0.0))
    assert len(benchmark.run()["samples"]) == 3


@pytest.mark.parametrize("value", ["fast", None, True, [1.0]])
def test_a_sample_that_is_no_number_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match=r"suite\.sample_it returned"):
        sample_benchmark(lambda: value).run()


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_sample_that_is_not_finite_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match=r"suite\.sample_it returned"):
        sample_benchmark(lambda: value).run()


def test_peak_memory_is_skipped_where_it_cannot_be_measured(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(rss, "_CLEAR_REFS", tmp_path / "missing" / "clear_refs")
    assert PeakRssBenchmark("suite.peakrss_it", constant, []).do_setup() is True
    assert "asv: skipped: NotImplementedError(" in capsys.readouterr().out


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A git repository with a suite of both types, and asv's machine file beside it."""
    suite = tmp_path / "suite"
    suite.mkdir()
    (suite / "__init__.py").write_text(SUITE_INIT)
    (suite / "reading.py").write_text(SUITE)
    configuration = {
        "version": 1,
        "project": "tiny",
        "repo": ".",
        "dvcs": "git",
        "branches": ["main"],
        "benchmark_dir": "suite",
        "environment_type": "existing",
    }
    (tmp_path / "asv.conf.json").write_text(json.dumps(configuration))
    git = ["git", "-c", "user.name=tester", "-c", "user.email=tester@example.org"]
    run([*git, "init", "--quiet", "--initial-branch=main"], tmp_path)
    run([*git, "commit", "--quiet", "--allow-empty", "--message=first"], tmp_path)
    run([sys.executable, "-m", "asv", "machine", "--yes", "--machine=m"], tmp_path)
    return tmp_path


def run(command: Sequence[str], project: Path, expected: int = 0) -> str:
    environment = {**os.environ, "HOME": str(project)}
    done = subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == expected, done.stdout + done.stderr
    return done.stdout.strip()


def asv_results(project: Path, *options: str, expected: int = 0) -> dict[str, dict[str, Any]]:
    """Run the suite at HEAD; results by benchmark, as asv's file names their columns."""
    commit = run(["git", "rev-parse", "HEAD"], project)
    command = [sys.executable, "-m", "asv", "run", f"--environment=existing:{sys.executable}"]
    command += [f"--set-commit-hash={commit}", "--machine=m", "--record-samples", *options]
    run(command, project, expected)
    (file,) = (project / "results" / "m").glob(f"{commit[:8]}-*.json")
    content = json.loads(file.read_text())
    columns = content["result_columns"]
    return {name: dict(zip(columns, row, strict=False)) for name, row in content["results"].items()}


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="peak memory reads /proc")
@pytest.mark.parametrize("launch", ["spawn", "forkserver"])
def test_asv_runs_both_types_and_keeps_their_statistics(project: Path, launch: str) -> None:
    # asv ends with 2 because one benchmark of the suite is broken.
    results = asv_results(project, f"--launch-method={launch}", expected=2)

    reading = results["reading.Suite.sample_reading"]
    # Every round is a fresh process with one setup, and counts its own readings from 1.
    assert sorted(reading["samples"][0]) == sorted([11.0, 12.0, 13.0, 14.0, 15.0] * 3)
    assert reading["result"] == [13.0]
    assert reading["stats_q_25"][0] < 13.0 < reading["stats_q_75"][0]
    assert reading["stats_ci_99_a"][0] < reading["stats_ci_99_b"][0]

    memory = results["reading.Suite.peakrss_five_megabytes"]
    assert len(memory["samples"][0]) == 3
    assert 4_000_000 < memory["result"][0] < 10_000_000

    assert results["reading.sample_param"]["result"] == [2.5, 10.0]
    assert results["reading.sample_broken"]["result"] is None
    absent = results["reading.sample_absent"]["result"][0]
    assert absent != absent  # NaN: asv's not applicable

    found = json.loads((project / "results" / "benchmarks.json").read_text())
    assert found["reading.Suite.sample_reading"]["unit"] == "clicks"
    assert found["reading.Suite.sample_reading"]["type"] == "sample"
    assert found["reading.Suite.peakrss_five_megabytes"]["type"] == "peakrss"
    assert found["reading.Suite.peakrss_five_megabytes"]["unit"] == "bytes"


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="peak memory reads /proc")
def test_asvs_attribute_option_and_quick_mode_are_honoured(project: Path) -> None:
    options = ["--bench=Suite", "--attribute=repeat=2", "--attribute=rounds=1"]
    results = asv_results(project, *options)
    assert [len(row["samples"][0]) for row in results.values()] == [2, 2]
    run_quick = asv_results(project, "--bench=Suite", "--quick")
    assert [len(row["samples"][0]) for row in run_quick.values()] == [1, 1]
