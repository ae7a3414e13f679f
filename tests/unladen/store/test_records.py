from __future__ import annotations

import dataclasses
import json
import platform
import subprocess
from pathlib import Path

import pytest
from asv import util
from asv.results import Results
from made_records import CIRCUMSTANCES, record_of
from tiny_project import TinyProject

from unladen.asv_bridge import results
from unladen.asv_bridge.results import SeriesRun
from unladen.errors import UserError
from unladen.measure.recording import HOOKS
from unladen.measure.variables import benchmark_variables
from unladen.store.reasons import Params
from unladen.store.records import Failure, NotApplicable, Record, record_path


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    record = Record(
        CIRCUMSTANCES,
        (Failure("m.f", ("'a'", "1"), "ValueError: x", "text"),),
        (NotApplicable("m.g", (), "not there"),),
    )
    path = tmp_path / "x.record"
    record.save(path)
    assert Record.load(path) == record
    assert json.loads(path.read_text())["version"] == 2


def recorded(**changes: object) -> str:
    parts = {"version": 1, "environment": None, "failed": [], "not_applicable": [], **changes}
    return json.dumps(parts)


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", '{"version": 1}', '{"version": 9}', '{"failed": 1}', "[" * 100_000),
        *(recorded(failed=5), recorded(failed=[5]), recorded(failed=[{"series": "m"}])),
        *(recorded(environment={"cpu": "x"}), recorded(sessions=[{"started": float("inf")}])),
        recorded(not_applicable=[{"series": "m", "params": 1, "reason": ""}]),
        recorded(failed=[{"series": "m", "params": [["a"]], "reason": "", "stderr": ""}]),
        recorded(failed=[{"series": "m", "params": [], "reason": "", "stderr": 1}]),
    ],
)
def test_what_is_no_record_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.record"
    path.write_text(text)
    with pytest.raises(UserError, match=r"x\.record"):
        Record.load(path)


def test_texts_of_a_record_are_printable(tmp_path: Path) -> None:
    path = tmp_path / "x.record"
    entry = {"series": "m", "params": ["1"], "reason": "\x1b[31m\n\ud800", "stderr": ""}
    path.write_text(recorded(failed=[entry]))
    (failure,) = Record.load(path).failed
    assert failure.reason.isprintable()


def test_only_what_was_measured_again_is_replaced() -> None:
    old = Record(
        CIRCUMSTANCES,
        (
            Failure("m.mended", (), "r", ""),
            Failure("m.partly", ("1",), "r", ""),
            Failure("m.partly", ("2",), "r", ""),
            Failure("m.partly", ("no more",), "r", ""),
            Failure("m.untouched", (), "r", ""),
        ),
        (NotApplicable("m.mended", (), "r"), NotApplicable("m.untouched", (), "r")),
    )
    now = dataclasses.replace(CIRCUMSTANCES, load_average=())
    kept: dict[str, list[Params]] = {"m.mended": [], "m.partly": [("2",)], "m.new": []}
    new = old.updated(now, kept, [Failure("m.new", (), "n", "")], [])
    assert [(f.series, f.params) for f in new.failed] == [
        ("m.new", ()),
        ("m.partly", ("2",)),
        ("m.untouched", ()),
    ]
    assert [n.series for n in new.not_applicable] == ["m.untouched"]
    assert new.environment == now


@pytest.mark.parametrize(("is_same", "kept"), [(True, {("2",)}), (False, set())])
def test_what_was_recorded_of_another_version_holds_no_more(
    is_same: bool, kept: set[Params]
) -> None:
    outcome = SeriesRun([("1",), ("2",)], frozenset({0}), "", 0, is_same)
    assert outcome.kept == kept


@pytest.mark.slow
def test_the_reasons_of_failures_are_kept_beside_the_results(measured: TinyProject) -> None:
    (failure,) = record_of(measured, "raising").failed
    assert failure.series == "work.Work.track_value"
    assert failure.params == ("'b'",)
    assert failure.reason == "ValueError: b is broken"
    assert "about to fail, if at all, in b" in failure.stderr
    assert "Traceback (most recent call last)" in failure.stderr
    assert "<checkout>/lib/tiny/__init__.py" in failure.stderr

    unimportable = record_of(measured, "unimportable")
    assert {f.params for f in unimportable.failed} == {("'a'",), ("'b'",)}
    reason = "ModuleNotFoundError: No module named 'a_module_that_is_not_there'"
    assert {f.reason for f in unimportable.failed} == {reason}
    assert record_of(measured, "good").failed == ()


def test_the_reasons_of_gaps_are_kept_beside_the_results(measured: TinyProject) -> None:
    expected = NotApplicable("work.Work.track_value", ("'b'",), "tiny has no b yet")
    assert record_of(measured, "first").not_applicable == (expected,)
    assert record_of(measured, "good").not_applicable == ()


def test_a_record_says_on_what_was_measured_and_names_no_place(measured: TinyProject) -> None:
    environment = record_of(measured, "raising").environment
    assert environment is not None
    assert environment.packages["asv_runner"] == environment.asv_runner
    assert environment.python.count(".") == 2
    assert environment.cores > 0
    text = record_path(measured.results_file("raising")).read_text()
    for place in (measured.home.parent, measured.folder, measured.history.folder, Path.home()):
        assert f"{place}/" not in text


@pytest.mark.slow
def test_a_failure_disappears_when_the_series_works(measured: TinyProject) -> None:
    benchmarks = measured.folder / "benchmarks" / "work.py"
    text = benchmarks.read_text()
    benchmarks.write_text(text.replace("return getattr(_tiny(), scenario)()", "return 7"))
    commit = f"{measured.history.commits['raising']}^!"
    again = measured.unladen("--target", "tiny", "run", commit, "--machine", "lab")
    assert again.returncode == 0, again.stdout + again.stderr
    assert record_of(measured, "raising").failed == ()


@pytest.mark.slow
def test_a_commit_that_cannot_be_installed_says_why(measured: TinyProject) -> None:
    measured.change_conf(
        build_command=[],
        uninstall_command=[],
        install_command=["python -c \"raise SystemExit('no wheel here')\""],
    )
    found = measured.unladen("--target", "tiny", "run", "main^!", "--machine", "lab")
    assert found.returncode == 2
    assert "Failed to build the project" in found.stderr

    commit = measured.history.commits["raising"]
    condition = f"os.environ['ASV_COMMIT'] == '{commit}'"
    code = f"import os, sys; sys.exit('no wheel here' if {condition} else 0)"
    measured.change_conf(install_command=[f'python -c "{code}"'])
    measured.unladen("--target", "tiny", "run", f"{commit}~2..main", "--machine", "lab")
    failures = record_of(measured, "raising").failed
    assert {f.series for f in failures} == {
        "work.Work.track_value",
        "work.track_environment",
        "work.track_seconds",
    }
    assert {f.reason for f in failures} == {"no wheel here"}


@pytest.mark.slow
def test_parameters_that_were_left_out_are_missing_and_not_inapplicable(
    measured: TinyProject,
) -> None:
    file = measured.results_file("good")
    file.unlink()
    record_path(file).unlink()
    select = ["main^!", "--bench", r"track_value\('a'\)", "--machine", "lab"]
    measured.unladen("--target", "tiny", "run", *select)
    assert Results.load(str(file))._results["work.Work.track_value"] == [3, None]
    measured.unladen("--target", "tiny", "run", "--machine", "lab", "--bench", "track_value")
    assert Results.load(str(file))._results["work.Work.track_value"] == [3, 4000000]


def test_an_interrupted_save_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results.install(HOOKS)
    path = tmp_path / "deep" / "x.json"
    util.write_json(str(path), {"value": 1})

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(util.os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        util.write_json(str(path), {"value": 2})
    monkeypatch.undo()
    with pytest.raises(TypeError):
        util.write_json(str(path), {"a": "written", "b": object()})
    assert json.loads(path.read_text()) == {"value": 1}
    assert [file.name for file in path.parent.iterdir()] == ["x.json"]


def test_a_link_to_a_file_stays_a_link(tmp_path: Path) -> None:
    results.install(HOOKS)
    real, link = tmp_path / "real.json", tmp_path / "link.json"
    real.write_text("{}")
    link.symlink_to(real)
    util.write_json(str(link), {"value": 1})
    assert link.is_symlink()
    assert json.loads(real.read_text()) == {"value": 1}


def test_the_hook_is_installed_once() -> None:
    results.install(HOOKS)
    before = (Results.add_result, Results.save, util.write_json)
    results.install(HOOKS)
    assert (Results.add_result, Results.save, util.write_json) == before


def test_benchmark_processes_get_one_thread_and_only_the_variables_they_need() -> None:
    unwanted = {"OPENAI_API_KEY": "x", "gh_token": "x", "OMP_NUM_THREADS": "8", "SHLVL": "3"}
    wanted = {"HOME": "/h", "LC_ALL": "C", "PYTHONHASHSEED": "1", "ASV_PROJECT": "p"}
    variables = benchmark_variables({**unwanted, **wanted}, {"MY_TOKEN": "t"})
    assert variables == {
        **wanted,
        "MY_TOKEN": "t",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
    }


def test_no_secret_and_one_thread_reach_a_real_benchmark(measured: TinyProject) -> None:
    results = Results.load(str(measured.results_file("good")))
    assert results._results["work.track_environment"] == [1]


def test_a_first_run_reports_failures_once(
    first_run: subprocess.CompletedProcess[str], measured: TinyProject
) -> None:
    del measured
    (line,) = first_run.stderr.strip().splitlines()
    assert line.startswith("unladen: 3 values failed; reasons in results/tiny/lab/")
    assert line.endswith(".record and 1 more")


def test_benchmarks_run_on_the_python_that_runs_unladen(measured: TinyProject) -> None:
    assert record_of(measured, "good").environment.python == platform.python_version()
