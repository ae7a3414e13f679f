"""Whose results are shown, what one machine lends another, and what is never written for another.

``lab`` is this machine in the projects of ``made_history``; ``shipped`` is another one's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from made_history import Project, series, write_project

from unladen.asv_bridge.machine import MachineCollection
from unladen.history.history import History
from unladen.results.changes import load_changes
from unladen.site.load import load_site_changes
from unladen.site.runs import environment_data
from unladen.store.series import Status

EXACT = series("m.C.track_calls")
SAMPLED = series("m.C.time_cpu", kind="sampled", unit="seconds")
COMMITS = 6
PACKAGES = {"asv_runner": "0.3.2", "numpy": "2.4.6"}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The project's folder is the home here as it is for its commands."""
    file = str(tmp_path / ".asv-machine.json")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(MachineCollection, "get_machine_file_path", staticmethod(lambda: file))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A history with a call more at every commit, all of it shipped; none measured here."""
    made = write_project(tmp_path, [], *[f"{n}" for n in range(COMMITS)])
    made.describe(EXACT, SAMPLED)
    for commit in range(COMMITS):
        store(made, commit, "shipped", 10 + commit, 1.0)
    return made


def store(
    project: Project,
    commit: int,
    machine: str,
    calls: float | None,
    cpu: float | None,
    python: str = "3.11.7",
    packages: Mapping[str, str] = PACKAGES,
    driver: str = "",
) -> None:
    """Results with a record."""
    rows = {
        "m.C.track_calls": [None if calls is None else [calls], [], "1", 5],
        "m.C.time_cpu": [None if cpu is None else [cpu], [], "1", 5],
    }
    project.store(commit, {name: row for name, row in rows.items() if row[0]}, machine)
    record: dict[str, Any] = {
        "version": 1,
        "environment": {
            **dict.fromkeys(("cpu", "os", "kernel", "asv", "asv_runner", "unladen"), ""),
            "cores": 2,
            "memory": 1,
            "load_average": [],
            "python": python,
            "implementation": "CPython",
            "packages": packages,
        },
        "failed": [],
        "not_applicable": [],
        "notes": [{"series": "m.C.track_calls", "params": [], "text": f"said by {machine}"}],
    }
    if driver:
        session = {"started": 0, "ended": 9, "cpu": "", "load_before": [], "load_after": []}
        record["sessions"] = [{**session, "calibration": None, "driver": driver}]
    path = project.file(commit, machine).with_suffix(".record")
    path.write_text(json.dumps(record))


def loaded(project: Project, **named: str) -> History:
    """The history that ``changes`` shows."""
    return load_changes(project.read(), **named).history


def calls(history: History) -> list[float | None]:
    """The exact values, None where there are none."""
    return [v if v == v else None for v in history.series[1].values[:, 0].tolist()]


def test_shipped_results_are_shown_where_none_are_of_this_machine(project: Project) -> None:
    history = loaded(project)
    assert history.machine == "shipped"
    assert history.remarks == ["shown is shipped (env): nothing is measured on this machine"]


@pytest.mark.slow
def test_few_results_of_this_machine_come_before_many_shipped_ones(project: Project) -> None:
    store(project, 2, "lab", 12, 5.0)
    for command in ("changes", "table", "report"):
        found = project.unladen(command)
        assert "shown is lab (env); also measured: shipped (env)" in found.stderr
    history = loaded(project)
    assert history.machine == "lab"
    assert "shown is lab (env); also measured: shipped (env)" in history.remarks


def test_exact_values_are_lent_and_sampled_ones_never(project: Project) -> None:
    store(project, 2, "lab", 12, 5.0)
    history = loaded(project)
    exact, sampled = history.series[1], history.series[0]
    assert calls(history) == [10, 11, 12, 13, 14, 15]
    assert [exact.lender(n, 0) for n in range(COMMITS)] == [0, 0, None, 0, 0, 0]
    assert history.lenders == ["shipped (env)"]
    assert [sampled.status(n, 0) is Status.MEASURED for n in range(COMMITS)] == [
        n == 2 for n in range(COMMITS)
    ]
    assert history.newest == 2
    (remark,) = (line for line in history.remarks if line.startswith("exact values"))
    assert remark == (
        "exact values of 5 commits are from shipped (env), measured with the same packages"
    )


def test_a_lent_value_still_says_at_which_commit_it_was_measured(project: Project) -> None:
    """Carried by one machine, and lent to another."""
    store(project, 2, "lab", 12, 5.0)
    origin = "a" * 40
    path = project.file(3, "shipped").with_suffix(".record")
    record = json.loads(path.read_text())
    record["carried"] = [{"series": "m.C.track_calls", "params": [], "commit": origin}]
    path.write_text(json.dumps(record))
    history = loaded(project)
    assert history.series[1].lender(3, 0) == 0
    carried = [one.carried for n in range(COMMITS) if (one := history.record(n))]
    assert [[one.commit for one in some] for some in carried] == [[], [], [], [origin], [], []]
    lent = "exact values of 5 commits are from shipped (env), measured with the same packages"
    assert lent in history.remarks
    alone = loaded(project, machine="shipped").remarks
    assert "exact values of 1 commit are carried from neighbours that run the same code" in alone


@pytest.mark.slow
def test_what_the_user_names_is_shown_alone(project: Project) -> None:
    store(project, 2, "lab", 12, 5.0)
    assert calls(loaded(project, machine="lab")) == [None, None, 12, None, None, None]
    assert calls(loaded(project, machine="shipped")) == [10, 11, 12, 13, 14, 15]


@pytest.mark.parametrize(
    "other",
    [{"python": "3.11.8"}, {"packages": {**PACKAGES, "numpy": "2.4.7"}}, {"packages": {}}],
)
def test_nothing_is_lent_under_other_conditions(project: Project, other: Any) -> None:
    store(project, 2, "lab", 12, 5.0, **other)
    assert calls(loaded(project)) == [None, None, 12, None, None, None]


def test_nothing_is_lent_of_another_driver(project: Project) -> None:
    store(project, 2, "lab", 12, 5.0, driver="new")
    store(project, 3, "shipped", 13, 5.0, driver="old")
    store(project, 4, "shipped", 14, 5.0, driver="new")
    assert calls(loaded(project)) == [10, 11, 12, None, 14, 15]


def test_installers_do_not_count(project: Project) -> None:
    store(project, 2, "lab", 12, 5.0, packages={**PACKAGES, "pip": "99"})
    assert calls(loaded(project)) == [10, 11, 12, 13, 14, 15]


@pytest.mark.parametrize(
    ("python", "own", "expected"),
    [
        ("3.11.7", "2", [10, 11, 12, 13, 14, 15]),
        # The own commit has other packages here than there: what they say of it is no dispute.
        ("3.11.7", "9", [10, 11, 7, 13, 14, 15]),
        ("3.12.1", "2", [None, None, 12, None, None, None]),
    ],
)
def test_where_commits_bring_their_packages_each_commits_own_count(
    project: Project, python: str, own: str, expected: list[float | None]
) -> None:
    for commit in range(COMMITS):
        packages = {**PACKAGES, "sdk": str(commit)}
        store(project, commit, "shipped", 10 + commit, 1.0, packages=packages)
    store(project, 2, "lab", 12 if own == "2" else 7, 5.0, python, {**PACKAGES, "sdk": own})
    assert calls(loaded(project)) == [None, None, expected[2], None, None, None]
    change_conf(project, lock="commit:requirements.txt")
    history = loaded(project)
    assert calls(history) == expected
    assert not any("disagrees" in remark for remark in history.remarks)


def change_conf(project: Project, **keys: Any) -> None:
    path = project.read().conf
    path.write_text(json.dumps({**json.loads(path.read_text()), **keys}))


def test_variables_of_the_conf_count(project: Project) -> None:
    store(project, 2, "lab", 12, 5.0)
    file = project.file(2, "lab")
    file.write_text(json.dumps({**json.loads(file.read_text()), "env_vars": {"MODE": "fast"}}))
    assert calls(loaded(project)) == [None, None, 12, None, None, None]


def test_a_series_that_was_not_measured_here_is_lent(project: Project) -> None:
    store(project, 2, "lab", None, 5.0)
    assert calls(loaded(project)) == [10, 11, 12, 13, 14, 15]


def test_a_disagreement_is_said_and_this_machine_wins(project: Project) -> None:
    store(project, 2, "lab", 99, 5.0)
    history = loaded(project)
    assert calls(history) == [10, 11, 99, 13, 14, 15]
    short = project.hashes[2][:8]
    said = f"shipped (env) disagrees, under the same conditions, on m.C.track_calls at {short}"
    assert f"{said}: not shown" in history.remarks
    table = project.unladen("table", short)
    assert "disagrees" in table.stderr
    assert "99" in table.stdout


def test_an_unreadable_lender_is_named(project: Project) -> None:
    store(project, 2, "lab", 12, 5.0)
    project.file(4, "shipped").write_text("{")
    history = loaded(project)
    assert calls(history) == [10, 11, 12, 13, None, 15]
    assert any(str(project.file(4, "shipped")) in remark for remark in history.remarks)


@pytest.mark.slow
def test_the_table_marks_what_is_lent(project: Project) -> None:
    store(project, 2, "lab", None, 5.0)
    found = project.unladen("table")
    assert f"sdk at {project.hashes[2][:8]}" in found.stdout
    assert "12*" in found.stdout
    assert "(* measured with the same packages by shipped (env))" in found.stdout
    (table,) = json.loads(project.unladen("table", "--json").stdout)
    assert {row["series"]: row["lender"] for row in table["rows"]} == {
        "m.C.track_calls": "shipped (env)",
        "m.C.time_cpu": "",
    }


def test_the_table_of_a_commit_that_only_others_measured_is_theirs(project: Project) -> None:
    store(project, 2, "lab", 12, 5.0)
    found = project.unladen("table", project.hashes[4][:8])
    assert "on shipped" in found.stdout


@pytest.mark.slow
def test_confirm_judges_no_suspects_of_another_machine(project: Project) -> None:
    for arguments in ((), ("--machine", "shipped")):
        found = project.unladen("confirm", *arguments)
        assert found.returncode == 2
        (line,) = found.stderr.strip().splitlines()[-1:]
        assert "suspects of shipped, which is not this machine" in line
        assert "unladen run" in line
    assert not (project.results / "shipped" / "side-by-side.verdicts").exists()


def test_another_machines_name_is_refused(project: Project) -> None:
    folder = project.results / "shipped"
    described = {"version": 1, "machine": "shipped", "cpu": "another", "num_cpu": "64"}
    (folder / "machine.json").write_text(json.dumps(described))
    before = sorted(folder.iterdir())
    (project.folder / "l").write_text("asv_runner\n")
    for command in (("run",), ("demo",)):
        found = project.unladen(*command, "--machine", "shipped")
        assert found.returncode == 2, found.stdout
        (line,) = found.stderr.strip().splitlines()[-1:]
        assert "holds the results of another machine (cpu another, here" in line
    assert sorted(folder.iterdir()) == before
    assert "shipped" not in (project.folder / ".asv-machine.json").read_text()


def test_the_site_says_by_whom_each_commit_was_measured(project: Project) -> None:
    store(project, 2, "lab", 12, 5.0)
    history = load_site_changes(project.read()).history
    assert calls(history) == [10, 11, 12, 13, 14, 15]
    runs = environment_data(history)["runs"]
    assert [varying.get("machine") for _, _, varying in runs] == [
        "shipped (env)" if n != 2 else None for n in range(COMMITS)
    ]
    assert not any("calibration" in varying for n, _, varying in runs if n != 2)
    record = history.record(3)
    assert record is not None
    assert [note.text for note in record.notes] == ["said by shipped"]
