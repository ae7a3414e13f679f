"""``unladen migrate``: results of series under former names get the new ones, and nothing else."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from made_history import ROOT, Project, series, write_project

from unladen.errors import UserError
from unladen.labels.renaming import renamed_labels
from unladen.measure.results_check import check_results
from unladen.repo.repository import open_repository
from unladen.store.record_text import flat
from unladen.store.records import Record
from unladen.store.renaming import rename_series
from unladen.store.results_file import read_results
from unladen.text.former_names import former_names, new_names

OLD, NEW = "baseline.Negotiation.track_makespan", "negotiation.baseline.Run.track_makespan"
OTHER, OTHER_NEW = "faults.Outcome.track_outcome", "negotiation.faults.Run.track_outcome"
IMPORT = "imports.Import.track_modules"
PLAN = {"scenario": ("'plan'", "'eager'")}
LABELS = ROOT / "mocks" / "parley" / "history.toml"


def contents(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


def with_former_names(text: str) -> str:
    for new in new_names().values():
        (old,) = former_names(new)
        text = text.replace(f'"{new}"', f'"{old}"')
    return text


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Two commits with results under former names."""
    made = write_project(tmp_path, [], "f", "f")
    rows = {
        OLD: [[3, 7.25], [list(PLAN["scenario"])], "1"],
        OTHER: [[float("nan"), None], [list(PLAN["scenario"])], "2"],
        IMPORT: [[12], [], "1"],
    }
    made.describe(series(OLD, axes=PLAN, unit="seconds"), series(OTHER, axes=PLAN), series(IMPORT))
    for n in range(2):
        made.store(n, rows)
    made.record(1, failed=[(OTHER, ["'eager'"], "ValueError: no")], notes=[(OLD, ["'plan'"], "so")])
    return made


@pytest.mark.slow
def test_the_values_are_found_under_the_new_names(project: Project) -> None:
    before = [read_results(project.file(n)) for n in range(2)]
    done = project.unladen("migrate")
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert done.stdout.endswith("results: 2 series renamed in 4 files\n"), done.stdout
    for n, old in enumerate(before):
        new = read_results(project.file(n))
        assert list(new.series) == [NEW, OTHER_NEW, IMPORT]
        for (_, one), (_, other) in zip(old.series.items(), new.series.items(), strict=True):
            assert repr(one) == repr(other)  # n/a is NaN
    record = Record.load(project.file(1).with_suffix(".record"))
    assert [one.series for one in record.failed] == [OTHER_NEW]
    assert [(one.series, one.params, one.text) for one in record.notes] == [
        (NEW, ("'plan'",), "so")
    ]
    described = json.loads((project.results / "benchmarks.json").read_text())
    assert {*described} == {"version", NEW, OTHER_NEW, IMPORT}
    assert described[NEW]["name"] == NEW
    assert described[NEW]["unit"] == "seconds"


def test_a_second_time_nothing_changes(project: Project) -> None:
    project.unladen("migrate")
    once = contents(project.results)
    done = project.unladen("migrate")
    assert (done.returncode, done.stdout) == (0, "nothing to rename\n")
    assert contents(project.results) == once


@pytest.mark.parametrize("target", ["bare", "parley"])
def test_the_committed_results_under_former_names_become_the_committed_ones(
    tmp_path: Path, target: str
) -> None:
    """Byte by byte: descriptions, values, records, verdicts."""
    committed = ROOT / "results" / target
    copied = tmp_path / target
    shutil.copytree(committed, copied, ignore=_all_but_some)
    expected = contents(copied)
    for file in copied.rglob("*"):
        if file.is_file():
            file.write_text(with_former_names(file.read_text("utf-8")), "utf-8")
    assert contents(copied) != expected
    renamed = rename_series(copied, new_names())
    assert renamed.skipped == ()
    assert _parsed(contents(copied)) == _parsed(expected)
    apart = {name for name, content in contents(copied).items() if content != expected[name]}
    assert {Path(name).suffix for name in apart} <= {".verdicts", ".record"}  # sorted by name


def _all_but_some(folder: str, names: list[str]) -> set[str]:
    """Results of a few commits are as good as those of all."""
    return {name for name in names if "-unladen" in name and name[0] not in "0d"}


def _parsed(files: Mapping[str, bytes]) -> dict[str, Any]:
    """The content of each file, entries of lists in any order, NaN equal to itself, records with an
    entry for each cell."""
    return {
        name: _sorted(flat(data) if name.endswith(".record") else data)
        for name, content in files.items()
        if (data := json.loads(content))
    }


def _sorted(value: Any) -> str:
    if isinstance(value, dict) and ("verdicts" in value or "failed" in value):
        value = {
            key: sorted(map(_in_order, one)) if isinstance(one, list) else one
            for key, one in value.items()
        }
    return _in_order(value)


def _in_order(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def test_what_was_measured_again_since_stands(project: Project) -> None:
    rows = {
        OLD: [[3, 7], [list(PLAN["scenario"])], "1"],
        NEW: [[4, 8], [list(PLAN["scenario"])], "1"],
    }
    project.store(1, rows)
    project.record(1, failed=[(OLD, ["'plan'"], "ValueError: then"), (NEW, ["'eager'"], "now")])
    assert project.unladen("migrate").returncode == 0
    found = read_results(project.file(1)).series
    assert list(found) == [NEW]
    assert found[NEW].entry("result") == [4, 8]
    record = Record.load(project.file(1).with_suffix(".record"))
    assert [one.reason for one in record.failed] == ["now"]


@pytest.mark.parametrize(
    "damaged", ["{", "[]", '{"version": 2, "results": []}', '{"version": 7}', '{"version": 2}']
)
def test_a_damaged_file_is_named_and_stays(project: Project, damaged: str) -> None:
    project.file(0).write_text(damaged)
    done = project.unladen("migrate")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1, done.stderr
    assert f"{project.file(0).name} is not readable" in done.stderr
    assert "; skipped" in done.stderr
    assert project.file(0).read_text() == damaged
    assert NEW in read_results(project.file(1)).series


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("at", [0, 2])
def test_if_one_file_cannot_be_changed_none_is(
    project: Project, monkeypatch: pytest.MonkeyPatch, error: BaseException, at: int
) -> None:
    before = contents(project.results)
    replace, calls = os.replace, []

    def failing(*arguments: Any) -> None:
        calls.append(arguments)
        if len(calls) == at + 1:
            raise error
        replace(*arguments)

    monkeypatch.setattr(os, "replace", failing)
    expected = UserError if isinstance(error, OSError) else KeyboardInterrupt
    with pytest.raises(expected) as raised:
        rename_series(project.results, new_names())
    if expected is UserError:
        assert str(raised.value).endswith("No space left on device; nothing is renamed")
    assert contents(project.results) == before


def test_one_that_was_killed_is_completed_by_the_next(project: Project) -> None:
    program = f"""
import os, signal
from pathlib import Path
from unladen.store.renaming import rename_series
from unladen.text.former_names import new_names
replace, calls = os.replace, []
def killed(*arguments):
    calls.append(arguments)
    if len(calls) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    replace(*arguments)
os.replace = killed
rename_series(Path({str(project.results)!r}), new_names())
"""
    variables = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", program], env=variables, check=False)
    assert done.returncode == -signal.SIGKILL
    assert project.unladen("migrate").returncode == 0
    assert not [name for name in contents(project.results) if name.endswith(".part")]
    for n in range(2):
        assert list(read_results(project.file(n)).series) == [NEW, OTHER_NEW, IMPORT]


def test_it_waits_for_nobody_who_measures(project: Project) -> None:
    program = f"""
import subprocess, sys
from unladen.measure.lock import hold
hold({str(project.folder / "e")!r}, "sdk")
print("held", flush=True)
sys.stdin.read()
"""
    holder = subprocess.Popen(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        before = contents(project.results)
        done = project.unladen("migrate")
        holder.kill()
    assert done.returncode == 2
    assert "has been measuring sdk since" in done.stderr
    assert contents(project.results) == before


def test_labels_are_renamed_where_they_name_series(tmp_path: Path) -> None:
    text = LABELS.read_text("utf-8")
    file = tmp_path / "labels.toml"
    file.write_text(with_former_names(text), "utf-8")
    assert renamed_labels(file, new_names()) == text
    assert renamed_labels(LABELS, new_names()) is None


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (lambda file: None, "labels.toml"),
        (lambda file: file.write_text("no labels"), "labels.toml"),
    ],
)
def test_bad_labels_leave_all_as_it_is(
    project: Project, write: Callable[[Path], Any], said: str
) -> None:
    write(project.folder / "labels.toml")
    before = contents(project.results)
    done = project.unladen("migrate", "--labels", "labels.toml")
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert contents(project.results) == before


def test_labels_are_changed_with_the_results_or_not_at_all(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = project.folder / "labels.toml"
    file.write_text(with_former_names(LABELS.read_text("utf-8")), "utf-8")
    done = project.unladen("migrate", "--labels", "labels.toml")
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("labels.toml: series renamed\n")
    assert file.read_text("utf-8") == LABELS.read_text("utf-8")


def test_without_results_there_is_nothing_to_migrate(project: Project) -> None:
    shutil.rmtree(project.results)
    done = project.unladen("migrate")
    assert done.returncode == 2
    assert "there are no results in" in done.stderr


@pytest.mark.slow
def test_whoever_reads_former_names_is_told_what_to_do(project: Project) -> None:
    told = "has 2 series under former names, such as baseline.Negotiation.track_makespan: run unl"
    for line in (["changes"], ["table"]):
        done = project.unladen(*line)
        assert (done.returncode, done.stderr.count(told)) == (0, 1), done.stderr
    project.describe(series(NEW, axes=PLAN, unit="seconds"), series(IMPORT))
    assert told in project.unladen("table").stderr
    project.unladen("migrate")
    done = project.unladen("table")
    assert "former names" not in done.stderr
    assert NEW.rpartition(".")[0] in done.stdout
    assert "7.25 s" in done.stdout


@pytest.mark.slow
def test_a_former_name_is_answered_with_the_new_one(project: Project) -> None:
    project.unladen("migrate")
    for name in (OLD, "baseline.Negotiation.makespan", "Negotiation.makespan"):
        done = project.unladen("changes", "--series", name)
        assert done.returncode == 2
        assert f"{name!r}; it is called negotiation.baseline.Run.makespan" in done.stderr


@pytest.mark.slow
def test_whoever_measures_is_told_before_the_values_are_measured_again(project: Project) -> None:
    with contextlib.chdir(project.folder):
        repository = open_repository(project.read())
        (line,) = check_results(project.results, "lab", repository, "sdk")
        assert "has 2 series under former names" in line
        rename_series(project.results, new_names())
        assert check_results(project.results, "lab", repository, "sdk") == []
