"""Exact values that a run, or a gate, takes from a commit that runs the same code."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from tiny_project import AT_ONCE, MACHINE, TinyProject, empty_history, write_project

from unladen import open_results
from unladen.measure.file_watch import READS_GIT
from unladen.site.runs import environment_data
from unladen.store.opened import load_opened
from unladen.store.records import Record

pytestmark = pytest.mark.slow

CODE = """
import os, subprocess
from importlib.metadata import Distribution
from pathlib import Path

HERE = Path(__file__).parent
LIB = HERE.parent

def a():
    print('unladen-note: "a note"')
    table = int(subprocess.check_output(["cat", HERE / "data" / "table.txt"]))
    flag = 10 * (LIB.parent / "etc" / "feature.flag").exists()
    plugins = 100 * len([one for one in os.listdir(HERE / "plugins") if one.endswith(".py")])
    entries = 1000 * len(Distribution.at(LIB / "tiny.egg-info").entry_points)
    return table + flag + plugins + entries + GIT

def outside():
    return int((Path.home() / "world.txt").read_text())

GIT = 0
"""

CONTROL = """
def track_outside():
    return _tiny().outside()

track_outside.kind = "exact"
track_outside.group = "work"
"""

FILES = {
    "lib/tiny/__init__.py": CODE,
    "lib/tiny/data/table.txt": "1\n",
    "lib/tiny/plugins/one.py": "",
    "lib/tiny.egg-info/entry_points.txt": "[tiny]\none = tiny:a\n",
    "docs/text.md": "words\n",
}

READS = CODE.replace("GIT = 0", "GIT = len((LIB.parent / '.git' / 'HEAD').read_text())")

HISTORY = {
    "first": (FILES, 1101),
    "docs": ({"docs/text.md": "other words\n"}, 1101),
    "subprocess": ({"lib/tiny/data/table.txt": "2\n"}, 1102),
    "looked for": ({"etc/feature.flag": ""}, 1112),
    "listed": ({"lib/tiny/plugins/two.py": ""}, 1212),
    "entry point": (
        {"lib/tiny.egg-info/entry_points.txt": "[tiny]\none = tiny:a\ntwo = tiny:a\n"},
        2212,
    ),
    "examples": ({"examples/one.py": "import tiny\n"}, 2212),
    "more examples": ({"examples/two.py": "import tiny\n"}, 2212),
    "reads git": ({"lib/tiny/__init__.py": READS}, 2253),
    "more docs": ({"docs/text.md": "more words\n"}, 2253),
}
"""By name of each commit what it writes, and what ``a`` gives there."""

SERIES = "work.Work.track_value"
CARRIED = {"first": "docs", "entry point": "more examples", "examples": "more examples"}
"""Runs begin with the newest commit; what is carried on is still that of the one measured."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> TinyProject:
    """The history, measured without more ado."""
    folder = tmp_path_factory.mktemp("carrying")
    history = empty_history(folder / "clone")
    for day, (name, (files, _)) in enumerate(HISTORY.items(), 1):
        history.commit(name, files, day)
    made = write_project(folder / "project", history)
    made.change_conf(paths=None)
    assert run(made).returncode == 0
    return made


def run(project: TinyProject, *arguments: str, **variables: str) -> Any:
    return project.unladen("--target", "tiny", "run", "--machine", MACHINE, *arguments, **variables)


def stored(project: TinyProject, commit: str) -> list[int | None]:
    found = json.loads(project.results_file(commit).read_text())["results"][SERIES][0]
    return [value if value == value else None for value in found]


def record(project: TinyProject, commit: str) -> Record:
    return Record.load(project.results_file(commit).with_suffix(".record"))


def origins(project: TinyProject, commits: Sequence[str] = tuple(HISTORY)) -> dict[str, str]:
    names = {commit: name for name, commit in project.history.commits.items()}
    return {
        commit: names[one.commit]
        for commit in commits
        for one in record(project, commit).carried[:1]
    }


def test_only_what_runs_otherwise_is_measured_and_every_value_is_right(
    project: TinyProject,
) -> None:
    for name, (_, value) in HISTORY.items():
        assert stored(project, name) == [value, None], name
    assert origins(project) == CARRIED


def test_notes_and_reasons_are_carried_and_each_value_says_whose_it_is(
    project: TinyProject,
) -> None:
    mine, theirs = record(project, "first"), record(project, "docs")
    assert [one.text for one in mine.notes] == ["a note"]
    assert (mine.notes, mine.not_applicable) == (theirs.notes, theirs.not_applicable)
    assert {(one.series, one.params) for one in mine.carried} == {
        (SERIES, ("'a'",)),
        (SERIES, ("'b'",)),
    }
    assert [one.started for one in theirs.sessions] == [mine.sessions[0].started]
    assert len(mine.sessions) == 2  # what is not exact was measured at the commit itself
    assert mine.opened == theirs.opened


def test_of_a_commit_that_reads_git_it_is_said_why_nothing_is_carried(
    project: TinyProject,
) -> None:
    opened = record(project, "reads git").opened
    assert opened is not None
    assert (opened.refusal, opened.paths) == (READS_GIT, "")


def copied(project: TinyProject, folder: Path, *left: str) -> TinyProject:
    """The project with the results of these commits alone."""
    found = project.copy(folder / "project")
    for name in HISTORY.keys() - {*left}:
        file = found.results_file(name)
        file.with_suffix(".record").unlink()
        file.unlink()
    return found


def test_under_other_conditions_nothing_is_carried(project: TinyProject, tmp_path: Path) -> None:
    one = f"{project.history.commits['first']}^!"
    here = copied(project, tmp_path, "docs")
    assert run(here, one, TZ="Asia/Tokyo").returncode == 0
    assert origins(here, ["first"]) == {}
    here = copied(project, tmp_path / "driver", "docs")
    (here.target / "driver.py").write_text("TARGET = object\n")
    assert run(here, one).returncode == 0
    assert origins(here, ["first"]) == {}
    here = copied(project, tmp_path / "version", "docs")
    suite = here.folder / "benchmarks/work.py"
    suite.write_text(suite.read_text() + "\nWork.track_value.version = '2'\n")
    assert run(here, one).returncode == 0
    assert origins(here, ["first"]) == {}


def test_of_what_commands_build_or_install_nothing_is_known(
    project: TinyProject, tmp_path: Path
) -> None:
    """C code that was compiled of files that nobody opens any more, say."""
    here = copied(project, tmp_path)
    here.change_conf(build_command=["python -c pass"])
    assert run(here, f"{project.history.commits['docs']}^!").returncode == 0
    assert record(here, "docs").opened is None
    assert stored(here, "docs") == [1101, None]


def test_who_asks_for_it_measures_all(project: TinyProject, tmp_path: Path) -> None:
    here = copied(project, tmp_path, "docs")
    one = f"{project.history.commits['first']}^!"
    assert run(here, one, "--no-carry").returncode == 0
    assert origins(here, ["first"]) == {}
    assert stored(here, "first") == [1101, None]
    assert run(here, one).returncode == 0  # what is measured is not replaced
    assert origins(here, ["first"]) == {}


def test_plain_asv_measures_all(project: TinyProject, tmp_path: Path) -> None:
    here = copied(project, tmp_path, "docs")
    conf = str(here.target / "asv.conf.json")
    commit = f"{project.history.commits['first']}^!"
    assert here.asv("run", "--config", conf, commit, "--machine", MACHINE).returncode == 0
    assert origins(here, ["first"]) == {}
    assert record(here, "first").opened is not None


def test_a_list_that_is_lost_carries_nothing(project: TinyProject, tmp_path: Path) -> None:
    here = copied(project, tmp_path, "docs")
    for path in here.results.glob("*.opened"):
        path.unlink()
    assert run(here, f"{project.history.commits['first']}^!").returncode == 0
    assert origins(here, ["first"]) == {}


def test_of_cells_that_are_measured_one_by_one_all_is_known(
    project: TinyProject, tmp_path: Path
) -> None:
    here = copied(project, tmp_path)
    commit = f"{project.history.commits['docs']}^!"
    assert run(here, commit, "--bench", "track_environment").returncode == 0
    opened = record(here, "docs").opened
    assert opened is not None
    paths = load_opened(here.results, opened.paths)
    assert paths is not None
    assert paths.files == ()
    assert run(here, commit, "--bench", r"track_value\('a'\)").returncode == 0
    opened = record(here, "docs").opened
    assert opened is not None
    assert opened == record(project, "docs").opened
    # One cell is not there, so that the series is measured.
    assert run(here, f"{project.history.commits['first']}^!").returncode == 0
    assert origins(here, ["first"]) == {}


def with_control(project: TinyProject, folder: Path) -> TinyProject:
    """With a second exact series, which counts work, that depends on what is outside the checkout,
    as it may on the date; measured at ``docs``."""
    here = copied(project, folder)
    suite = here.folder / "benchmarks/work.py"
    suite.write_text(suite.read_text() + CONTROL)
    (here.home / "world.txt").write_text("1\n")
    assert run(here, f"{project.history.commits['docs']}^!").returncode == 0
    return here


def test_a_control_series_is_measured_first_and_tells_of_what_no_file_tells(
    project: TinyProject, tmp_path: Path
) -> None:
    here = with_control(project, tmp_path)
    one = f"{project.history.commits['first']}^!"
    assert run(here, one).returncode == 0
    assert {one.series for one in record(here, "first").carried} == {SERIES}
    for file in here.results.glob(f"{project.history.commits['first'][:8]}*"):
        file.unlink()
    (here.home / "world.txt").write_text("2\n")
    done = run(here, one)
    assert "Nothing is carried: work.track_outside is not what it was" in done.stdout
    assert record(here, "first").carried == ()
    assert stored(here, "first") == [1101, None]


def test_a_gate_measures_a_control_series(project: TinyProject, tmp_path: Path) -> None:
    here = with_control(project, tmp_path)
    found = gate(here, "first", "docs", "--only", "exact")
    assert sorted(found["spared"]["series"]) == [SERIES, "work.track_outside"]
    (here.home / "world.txt").write_text("2\n")
    found = gate(here, "first", "docs", "--only", "exact")
    # What is stored is not believed: the base is measured now, and the other one not.
    assert found["spared"]["commit"] == project.history.commits["first"]
    assert {one["before"]["value"] for one in found["findings"]} == {1101, None, 2}
    assert found["remarks"] == [
        f"work.outside is not what it was at {project.history.commits['docs'][:8]}, though "
        "nothing that was opened differs: all is measured"
    ]


def gate(project: TinyProject, base: str, head: str, *more: str) -> dict[str, Any]:
    commits = project.history.commits
    pair = [commits[base], commits[head]]
    files = ["--json", "-", "--markdown", "gate.md"]
    done = project.unladen("--target", "tiny", "gate", *pair, *files, *AT_ONCE, *more)
    assert done.returncode in (0, 1), done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_gate_measures_nothing_where_nothing_that_is_opened_differs(
    project: TinyProject, tmp_path: Path
) -> None:
    here = copied(project, tmp_path, "docs")
    found = gate(here, "first", "docs")
    assert found["findings"] == []
    assert (found["exit_code"], found["same_code"], found["rounds"]) == (0, False, 0)
    assert found["spared"]["commit"] == project.history.commits["docs"]
    assert found["spared"]["differing_files"] == 1
    assert len(found["spared"]["series"]) == 3
    text = (here.folder / "gate.md").read_text()
    assert "what differs is opened by no benchmark" in text
    assert "3 series were not measured at both commits" in text


def test_a_gate_measures_what_may_differ(project: TinyProject) -> None:
    found = gate(project, "looked for", "listed", "--only", "exact")
    assert found["spared"] is None
    assert (found["exit_code"], len(found["findings"])) == (1, 2)


def test_a_gate_with_nothing_stored_measures_the_base_alone(
    project: TinyProject, tmp_path: Path
) -> None:
    here = copied(project, tmp_path)
    found = gate(here, "first", "docs", "--only", "exact")
    assert found["spared"]["series"] == [SERIES]
    assert [one["outcome"] for one in found["findings"]] == ["same", "not measured"]
    always = gate(here, "first", "docs", "--only", "exact", "--always")
    assert always["spared"] is None


def test_the_table_says_whose_a_carried_value_is(project: TinyProject) -> None:
    commit = project.history.commits["first"]
    done = project.unladen("--target", "tiny", "table", commit)
    origin = project.history.commits["docs"][:8]
    assert f"(~ carried from {origin}: nothing that was opened differs)" in done.stdout
    assert "1101~" in done.stdout.replace(",", "")
    told = project.unladen("--target", "tiny", "table", commit, "--json")
    (shown,) = json.loads(told.stdout)
    rows = shown["rows"]
    carried = {one["params"].get("scenario"): one["carried"] for one in rows}
    assert carried["'a'"] == carried["'b'"] == project.history.commits["docs"]


def test_results_say_what_is_carried_wherever_they_are_read(project: TinyProject) -> None:
    results = open_results(project.results.parent, machine=MACHINE)
    assert (
        "exact values of 3 commits are carried from neighbours that run the same code"
        in results.remarks
    )
    commits = project.history.commits
    values = results.values(SERIES, commits["first"][:8])
    assert {one.carried for one in values} == {commits["docs"]}
    assert {one.carried for one in results.values(SERIES, commits["docs"][:8])} == {""}
    runs = environment_data(results.history)["runs"]
    told = {results.commits[number].hash: varying.get("carried") for number, _, varying in runs}
    names = {name: told[commit] for name, commit in commits.items() if told[commit]}
    assert names == {name: f"from {commits[origin][:8]}" for name, origin in CARRIED.items()}
    # What is carried is evidence: the change is pinned to its commit.
    changed = {one.commit.hash for one in results.changes if one.series.name == SERIES}
    steps = ("subprocess", "looked for", "listed", "entry point", "reads git")
    assert changed == {commits[name] for name in steps}
