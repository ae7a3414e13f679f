"""The live model's key reaches the one process that needs it, and is written nowhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tiny_project import MACHINE, TinyProject

from unladen.measure.variables import SIDE_VARIABLE, asks_a_live_model, benchmark_variables

SECRET = "sk-test-0123456789"
LIVE = {
    "UNLADEN_LIVE_KEY": SECRET,
    "UNLADEN_LIVE_URL": "http://127.0.0.1:9/v1",
    "UNLADEN_LIVE_MODEL": "m",
}
RUN = ["asv/benchmark.py"]

BENCHMARKS = """
import os

def _given():
    return sum(name.startswith("UNLADEN_LIVE_") for name in os.environ)

class Run:
    def setup_cache(self):
        return _given()

    def track_where_it_is_asked(self, cache):
        return cache

    def track_elsewhere(self, cache):
        return _given()

    def track_broken(self, cache):
        raise ValueError(f"the environment: {dict(os.environ)}")

class Broken:
    def setup_cache(self):
        raise ValueError(f"no answer from {os.environ['UNLADEN_LIVE_URL']}")

    def track_value(self, cache):
        return 1

for _group in (Run, Broken):
    for _name, _function in vars(_group).items():
        if _name.startswith("track_"):
            _function.kind = "sampled"
            _function.group = "live"

class Unpaid:
    def setup_cache(self):
        return _given()

    def track_where_no_real_model_is_asked(self, cache):
        return cache

    track_where_no_real_model_is_asked.group = "cpu"
"""


def test_a_benchmark_process_gets_the_key_only_if_it_asks_a_live_model() -> None:
    others = {"UNLADEN_TARGET": "bare", "HOME": "/h"}
    assert set(LIVE) & set(benchmark_variables(LIVE | others, {})) == set()
    assert others.items() <= benchmark_variables(LIVE | others, {}).items()
    given = benchmark_variables(LIVE | others | {"OPENAI_API_KEY": "x"}, {}, live=True)
    assert (LIVE | others).items() <= given.items()
    assert "OPENAI_API_KEY" not in given


@pytest.mark.parametrize(
    ("arguments", "variables", "asks"),
    [
        ([*RUN, "setup_cache", "benchmarks", "talk.live.Run.track_cost", "{}"], {}, True),
        (
            [*RUN, "setup_cache", "benchmarks", "talk.latency.Model.track_makespan", "{}"],
            {},
            False,
        ),
        ([*RUN, "run", "benchmarks", "talk.live.Run.track_cost", "{}"], {}, False),
        ([*RUN, "run_server", "benchmarks", "socket"], {}, False),
        (["-m", "pip", "install", "live.package"], {}, False),
        (
            [*RUN, "setup_cache", "benchmarks", "talk.live.Run.track_cost", "{}"],
            {SIDE_VARIABLE: "code"},
            False,
        ),
    ],
)
def test_which_process_asks_a_live_model(
    arguments: list[str], variables: dict[str, str], asks: bool
) -> None:
    live = frozenset({"talk.live.Run.track_cost"})
    assert asks_a_live_model(arguments, variables, live) is asks


def written(folder: Path) -> str:
    files = (file for file in folder.rglob("*") if file.is_file() and ".asv" not in file.parts)
    return "\n".join(file.read_text(errors="replace") for file in files)


@pytest.mark.slow
def test_the_key_is_in_no_log_and_no_record(measured: TinyProject) -> None:
    package = measured.folder / "benchmarks" / "talk"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "live.py").write_text(BENCHMARKS)
    arguments = ["--machine", MACHINE, "--verbose", "--show-stderr", "--bench", r"\.live\."]
    done = measured.unladen("--target", "tiny", "run", *arguments, "main^!", **LIVE)
    printed = done.stdout + done.stderr
    assert done.returncode == 3, printed
    results = json.loads(measured.results_file("good").read_text())["results"]
    values = {name: result and result[0] for name, result in results.items() if "live." in name}
    assert values == {
        "talk.live.Run.track_where_it_is_asked": [len(LIVE)],
        "talk.live.Run.track_elsewhere": [0],
        "talk.live.Run.track_broken": None,
        "talk.live.Broken.track_value": None,
        "talk.live.Unpaid.track_where_no_real_model_is_asked": [0],
    }
    record = measured.results_file("good").with_suffix(".record").read_text()
    assert "no answer from http://127.0.0.1:9/v1" in record
    assert "the environment:" in record
    assert SECRET not in printed
    assert SECRET not in written(measured.folder)
