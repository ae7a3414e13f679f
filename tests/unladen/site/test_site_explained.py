"""Explanations on the pages of commits, and that nothing is different without them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from made_history import Project, series, write_project

from unladen.history.conditions import Conditions
from unladen.results.explanations import (
    KeptExplanation,
    KeptFigure,
    KeptPart,
    explanation_file,
    write_explanation,
)
from unladen.site.build import build

CALLS = series("m.C.track_calls")
ENVIRONMENT: dict[str, Any] = {
    "cpu": "any",
    "cores": 2,
    "memory": 1,
    "os": "Linux",
    "kernel": "6",
    "python": "3.11.7",
    "implementation": "CPython",
    "packages": {},
    "asv": "0.6.6",
    "asv_runner": "0.3",
    "unladen": "0",
    "load_average": [],
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = write_project(tmp_path, [], "a", "a", "a")
    conf = made.folder / "asv.conf.json"
    settings = json.loads(conf.read_text())
    conf.write_text(json.dumps({**settings, "show_commit_url": "https://forge.example/r/commit/"}))
    made.describe(CALLS)
    for n, value in enumerate((1, 1, 2)):
        made.store(n, {CALLS.name: [[value], [], "1", 5, 1.0]})
        made.record(n)
        file = made.file(n).with_suffix(".record")
        file.write_text(json.dumps({**json.loads(file.read_text()), "environment": ENVIRONMENT}))
    return made


def keep(made: Project, after: float = 2.0) -> Path:
    _, parent, commit = made.hashes
    place = {"commit": commit, "path": "src/a b.py", "line": 7}
    parts = [
        KeptPart(function="f", file="a.py", change="+1 calls", share="100%", said="x()", **place),
        KeptPart(function="\x1b[31mg", file="b.py", change="+0 calls", share="", said="y"),
    ]
    kept = KeptExplanation(
        commit=commit,
        parent=parent,
        conditions=Conditions("3.11.7", "CPython", frozenset(), frozenset()),
        figures=[
            KeptFigure(
                series=CALLS.name,
                version="1",
                params=(),
                before=1.0,
                after=after,
                is_of_benchmark=True,
                parts=parts,
            )
        ],
    )
    file = explanation_file(made.read(), commit)
    write_explanation(file, kept)
    return file


def site(made: Project, name: str) -> dict[str, bytes]:
    """All files of a site but those that say when it was made."""
    folder = made.folder / name
    build(made.read(), folder)
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def data(content: bytes) -> Any:
    return json.loads(content.decode().partition(",")[2].removesuffix(");\n"))


def test_only_the_page_of_an_explained_commit_differs(project: Project) -> None:
    without = site(project, "without")
    assert site(project, "again") == without
    file = keep(project)
    explained = site(project, "explained")
    assert {name for name in explained if explained[name] != without.get(name)} == {
        "data/changes-0.js"
    }
    assert "explained" not in data(without["data/changes-0.js"])
    file.unlink()
    assert site(project, "later") == without


def test_a_figure_has_its_values_and_its_first_functions(project: Project) -> None:
    keep(project)
    changes = data(site(project, "explained")["data/changes-0.js"])
    link = f"https://forge.example/r/blob/{project.hashes[2]}/src/a%20b.py#L7"
    ours = ["f", "a.py:7", "+1 calls", "100%", "x()", link]
    other = ["\N{REPLACEMENT CHARACTER}[31mg", "b.py", "+0 calls", "", "y", ""]
    values = "1 \N{RIGHTWARDS ARROW} 2 calls"
    assert changes["explained"] == {"2": [[0, 0, values, 1, [ours, other]]]}


def test_what_is_of_other_values_is_a_remark_and_nothing_else(project: Project) -> None:
    without = site(project, "without")
    keep(project, after=3.0)
    stale = site(project, "stale")
    assert stale["data/changes-0.js"] == without["data/changes-0.js"]
    said = data(stale["data/site.js"])["remarks"]
    name = project.hashes[2][:8]
    (remark,) = [one for one in said if one not in data(without["data/site.js"])["remarks"]]
    assert remark.startswith(f"the explanation of {name} is of other results")
