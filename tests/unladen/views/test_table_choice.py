"""Whose values ``unladen table`` shows, and of which series, where the user chooses."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from made_history import Project, series, write_project

from unladen.errors import UserError
from unladen.results.commit import values_of_commit

CALLS, CPU = series("m.C.track_calls"), series("m.C.time_cpu", kind="sampled", unit="seconds")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A commit that two machines measured, each in two environments; tests leave it as it is."""
    made = write_project(tmp_path_factory.mktemp("project"), [], "f")
    made.describe(CALLS, CPU)
    for machine in ("lab", "shipped"):
        made.store(0, {CALLS.name: [[5], [], "1"], CPU.name: [[0.1], [], "1"]}, machine)
        _in_another_environment(made.file(0, machine))
    return made


def _in_another_environment(file: Path) -> None:
    stored = json.loads(file.read_text())
    other = file.with_name(file.name.replace("-env.", "-other."))
    other.write_text(json.dumps({**stored, "env_name": "other"}))


def test_an_environment_that_is_named_is_shown_alone(project: Project) -> None:
    found = values_of_commit(project.read(), None, "lab", "other", tell=list)
    assert [(one.machine, one.environment) for one in found] == [("lab", "other")]
    both = values_of_commit(project.read(), environment="other", tell=list)
    assert {(one.machine, one.environment) for one in both} == {
        ("lab", "other"),
        ("shipped", "other"),
    }
    with pytest.raises(UserError, match="nothing is measured of sdk on lab in nowhere"):
        values_of_commit(project.read(), None, "lab", "nowhere", tell=list)


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("calls", [CALLS.name]),
        ("C.calls", [CALLS.name]),
        (r"^m\.", [CPU.name, CALLS.name]),
    ],
)
def test_only_series_that_a_pattern_finds(project: Project, pattern: str, names: list[str]) -> None:
    tables = values_of_commit(project.read(), series=re.compile(pattern), tell=list)
    assert all(sorted(one.name for one in table.series) == names for table in tables)
    assert tables


def test_a_pattern_that_finds_nothing_is_refused(project: Project) -> None:
    with pytest.raises(UserError, match=re.escape("no series is called 'm.C.cals'; did you mean")):
        values_of_commit(project.read(), series=re.compile("m.C.cals"), tell=list)
