"""Our own runner gives what plain asv gives, cell by cell, in fewer processes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from tiny_project import TinyProject

from unladen.store.records import record_of

pytestmark = pytest.mark.slow

SUITE = '''
import json
import os
import pickle
import signal
import sys
import time


def exact(function):
    function.kind = "exact"
    function.unit = "calls"
    return function


def note(text):
    print("unladen-note: " + json.dumps(text), file=sys.stderr)


class Read:
    """All that reads from one cache."""

    params = (["1", "2", "none", "fails", "wrong"], [10, 20])
    param_names = ["what", "times"]

    def setup_cache(self):
        print("a cache is filled")
        return {"1": 1, "2": 2, "wrong": 3}

    def setup(self, cache, what, times):
        if what == "none":
            raise NotImplementedError("there is none")
        self.value = cache[what]

    @exact
    def track_value(self, cache, what, times):
        print("reading", what, times)
        note(f"{what} is read")
        if what == "wrong":
            print('unladen-wrong: "it is lost"', file=sys.stderr)
        return self.value * times

    @exact
    def track_half(self, cache, what, times):
        return self.value * times / 2

    def teardown(self, cache, what, times):
        print("torn down")


class Deadly:
    """Some of what reads from this cache kills its process."""

    params = ["before", "killed", "exits", "hangs", "odd", "after"]
    timeout = 1.5

    def setup_cache(self):
        return dict.fromkeys(self.params, 7)

    @exact
    def track_value(self, cache, what):
        print("so far", what, flush=True)
        if what == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        if what == "exits":
            os._exit(3)
        if what == "hangs":
            time.sleep(600)
        if what == "odd":
            return {1, 2}
        return cache[what]


class NoCache:
    """The cache cannot be filled."""

    def setup_cache(self):
        print("now it fails")
        raise RuntimeError("no cache today")

    @exact
    def track_value(self, cache):
        return 1


class SlowCache:
    """The cache is not filled in time."""

    def setup_cache(self):
        time.sleep(600)

    setup_cache.timeout = 1

    @exact
    def track_value(self, cache):
        return 1


class Lacking:
    """What is measured, and n/a for most of it."""

    params = ["a", "b", "c", "has", "d", "broken", "e", "f"]

    def setup(self, what):
        if what == "broken":
            raise ValueError("the set-up fails")
        if what != "has":
            print("looking for", what)
            raise NotImplementedError(f"no {what}")

    @exact
    def track_value(self, what):
        note("measured")
        return 5

    def track_unkind(self, what):
        return 6


class Sampled:
    """What is sampled, in rounds of its own."""

    params = ["has", "lacks"]
    rounds = 2
    repeat = 3
    number = 1
    warmup_time = 0

    def setup_cache(self):
        return 3

    def setup(self, cache, what):
        if what == "lacks":
            raise NotImplementedError("none of these")

    def time_it(self, cache, what):
        print("timed")

    time_it.kind = "sampled"
    time_it.timer = lambda: 0.25 * next(COUNT)


COUNT = iter(range(1_000_000))
MEASURED = []


@exact
def track_fresh():
    """Each process is as new."""
    MEASURED.append(1)
    return len(MEASURED)


@exact
def track_path():
    """What a program could see of where it is run."""
    finders = [type(one).__name__ for one in sys.meta_path]
    # The script that was started is not on it.
    assert not any(entry.endswith(("runner", "asv")) for entry in sys.path), sys.path
    return len(sys.path) * 100 + finders.count("SpecificImporter")


class Finders:
    """The same, of what fills a cache."""

    def setup_cache(self):
        finders = [type(one).__name__ for one in sys.meta_path]
        return len(sys.path) * 100 + finders.count("SpecificImporter")

    @exact
    def track_path(self, cache):
        return cache
'''

PROCESSES = """
import os


class Together:
    params = [1, 2, 3]

    def setup_cache(self):
        return os.getpid()

    def track_reader(self, cache, number):
        return os.getpid()

    def track_alone(self, cache, number):
        return os.getpid()

    def track_filler(self, cache, number):
        return cache

    track_reader.kind = track_alone.kind = track_filler.kind = "exact"
    track_alone.alone = True


class Apart:
    params = [1, 2]

    def track_process(self, number):
        return os.getpid()

    track_process.kind = "exact"


class Lacking:
    params = [1, 2, 3, 4]

    def setup(self, number):
        print("process", os.getpid())
        raise NotImplementedError("none")

    def track_value(self, number):
        return 1

    track_value.kind = "exact"
"""

OF_THE_SERVER = re.compile(r'  File "[^"]*asv(_runner)?/(server|benchmark)\.py".*\n(    .*\n)+')
"""The frames of a traceback that are asv's own, outermost."""


def measured(project: TinyProject, *arguments: str, suite: str, plain: bool = False) -> Any:
    """The results file of the newest commit and its record, for plain asv or our command."""
    (project.folder / "benchmarks" / "suite.py").write_text(suite)
    commit = f"{project.history.commits['good']}^!"
    common = ("run", commit, "--machine", "lab", "--bench", "^suite", *arguments)
    if plain:
        done = project.asv("--config", str(project.target / "asv.conf.json"), *common)
        assert done.returncode in (0, 2), done.stdout + done.stderr
    else:
        done = project.unladen("--target", "tiny", *common)
        assert done.returncode in (0, 3), done.stdout + done.stderr
    path = project.results_file("good")
    return json.loads(path.read_text()), record_of(path)


def told(results: Any) -> dict[str, Any]:
    """All that is stored of each series but times and what was measured by chance: NaN as text."""
    columns = results["result_columns"]
    kept = ("result", "params", "version", "stats_number", "stats_repeat", "samples")
    return {
        name: json.dumps({k: v for k, v in zip(columns, row, strict=False) if k in kept})
        for name, row in results["results"].items()
        if name.startswith("suite.")
    }


def said(record: Any) -> dict[str, Any]:
    """What the record has of reasons, notes and outcomes, without asv's own frames."""
    return {
        "failed": [
            (one.series, one.params, one.reason, OF_THE_SERVER.sub("", one.stderr))
            for one in record.failed
        ],
        "n/a": record.not_applicable,
        "notes": record.notes,
        "wrong": record.wrong,
    }


def test_it_gives_what_plain_asv_gives(measured_copy: TinyProject, tmp_path: Path) -> None:
    plain = measured(measured_copy, suite=SUITE, plain=True)
    for jobs in ("1", "2"):
        copy = measured_copy.copy(tmp_path / jobs)
        copy.results_file("good").unlink()
        ours = measured(copy, "--jobs", jobs, suite=SUITE)
        assert told(ours[0]) == told(plain[0])
        for what, expected in said(plain[1]).items():
            assert said(ours[1])[what] == expected, (jobs, what)
    reasons = [one.reason for one in ours[1].failed]
    assert len(reasons) == 4 + 4 + 2 + 2, reasons  # what is read, deadly, no cache, broken
    assert len(ours[1].not_applicable) == 4 + 12 + 1
    assert len(ours[1].wrong) == 2


def test_it_needs_few_processes(measured_copy: TinyProject) -> None:
    results, record = measured(measured_copy, suite=PROCESSES)
    column = results["result_columns"].index("result")
    of = {name.removeprefix("suite."): row[column] for name, row in results["results"].items()}
    reader, filler = of["Together.track_reader"], of["Together.track_filler"]
    assert len(set(reader)) == 1
    assert len(set(filler)) == 1
    assert reader[0] != filler[0]
    assert len(set(of["Together.track_alone"])) == 3
    assert len(set(of["Apart.track_process"])) == 2
    assert len(record.not_applicable) == 4


@pytest.fixture
def measured_copy(first_run: Any, shared: TinyProject, tmp_path: Path) -> TinyProject:
    """A project with the environment made, and no results."""
    project = shared.copy(tmp_path / "project")
    for file in project.results.glob("*-*"):
        file.unlink()
    return project
