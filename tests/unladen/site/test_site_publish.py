"""``asv publish`` writes our pages beside its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from made_history import Project, history, series, write_project

from unladen.history.series_history import SeriesHistory
from unladen.site.pages import PAGES
from unladen.site.views import Concurrency, Latency, Quantity, Scaling, Views, find_views
from unladen.store.series import SeriesInfo

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]
AGENTS = {"agents": ("5", "10", "100")}
GRID = {"latency_s": ("0.1", "1.0"), "runs": ("1", "5"), "slots": ("'unlimited'", "'5'")}

SIZE = {"agents": "size"}
ROLES = {"latency_s": "latency", "runs": "runs", "slots": "slots"}
MAKESPAN = series(
    "m.Agents.track_makespan", axes=AGENTS, roles=SIZE, unit="seconds", group="virtual time"
)
CPU = series(
    "m.Agents.time_cpu", axes=AGENTS, roles=SIZE, unit="seconds", group="cpu", kind="sampled"
)
EXPONENT = series(
    "m.Growth.track_exponent",
    axes={"quantity": ("'events'", "'makespan'")},
    unit="exponent",
    group="growth",
)
LOST = series("m.Model.track_lost", axes=GRID, roles=ROLES, unit="agents", group="outcome")
EFFICIENCY = series(
    "m.Model.track_efficiency",
    axes=GRID,
    roles=ROLES,
    unit="fraction",
    group="virtual time",
    higher_is_better=True,
)
TOGETHER = series(
    "m.Parallel.track_makespan",
    axes={"runs": ("1", "2")},
    roles=ROLES,
    unit="seconds",
    group="virtual time",
)
PLAIN = series("m.Plain.track_x")


def publish(project: Project, *options: str) -> subprocess.CompletedProcess[str]:
    """``unladen publish`` in a process of its own."""
    command = ["unladen", "--config", "asv.conf.json", "publish", "--no-pull", *options]
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=project.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def data(project: Project, name: str) -> Any:
    """What a data file hands to the page."""
    text = (project.folder / "h" / "data" / f"{name}.js").read_text(encoding="ascii")
    opening, _, rest = text.partition(",")
    assert opening == f'Unladen.receive("{name}"'
    return json.loads(rest.removesuffix(");\n"))


def store(project: Project, commit: int, values: Mapping[str, list[Any]]) -> None:
    by_name = {one.name: one for one in (MAKESPAN, CPU, EXPONENT, LOST, EFFICIENCY, PLAIN)}
    rows = {
        name: [results, [list(points) for points in by_name[name].axes.values()], "1", 0, 1.0]
        for name, results in values.items()
    }
    project.store(commit, rows)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = write_project(tmp_path, [], "a", "a", "a", "a")
    made.describe(MAKESPAN, PLAIN)
    for commit, (agents, plain) in enumerate([(3.0, 1), (3.0, 2), (7.0, 2), (3.0, 2)]):
        if commit != 1:
            store(made, commit, {MAKESPAN.name: [agents] * 3, PLAIN.name: [plain]})
    return made


def test_our_pages_lie_beside_those_of_asv_where_these_are_wanted(project: Project) -> None:
    assert publish(project, "--with-asv").returncode == 0
    html = project.folder / "h"
    assert "asv_ui.js" in (html / "asv.html").read_text()
    assert json.loads((html / "index.json").read_text())["benchmarks"]
    for page in ("index.html", "series.html"):
        assert 'href="asv.html"' in (html / page).read_text()

    assert publish(project).returncode == 0
    assert not (html / "asv.html").exists()
    for page in html.glob("*.html"):
        assert "asv.html" not in page.read_text()


def test_a_range_is_of_asvs_pages_only(project: Project) -> None:
    refused = publish(project, "HEAD~2..HEAD")
    assert refused.returncode == 2
    assert refused.stderr.splitlines() == [
        "unladen: a range is only of asv's own pages: give --with-asv, or no range"
    ]
    assert publish(project, "--with-asv", "HEAD~2..HEAD").returncode == 0


def test_a_page_needs_nothing_but_what_lies_there(project: Project) -> None:
    done = publish(project)
    assert done.returncode == 0, done.stdout + done.stderr
    html = project.folder / "h"
    names = {page.file for page in PAGES}
    assert names - {path.name for path in html.iterdir()} == {
        *("concurrency.html", "latency.html", "faults.html", "loads.html")
    }
    index = (html / "index.html").read_text()
    assert "what each commit did" in index
    assert "http" not in index.replace("http-equiv", "").split("</head>")[1]
    for page in names & {path.name for path in html.iterdir()}:
        text = (html / page).read_text()
        scripts = [part.split('"')[0] for part in text.split('<script src="')[1:]]
        assert scripts or page in ("report.html", "digest.html")  # which are written out
        assert all((html / script).is_file() for script in scripts)
        assert text.count("<script") == len(scripts)  # none in the page itself


def test_the_data_say_what_was_measured(project: Project) -> None:
    assert publish(project).returncode == 0
    site, commits = data(project, "site"), data(project, "commits")
    assert [one["name"] for one in site["series"]] == [MAKESPAN.name, PLAIN.name]
    assert site["pages"] == [
        *("index", "commit", "compare", "series", "scaling", "report", "digest", "environment")
    ]
    assert commits["hash"] == project.hashes
    assert commits["unmeasured"] == [1]
    assert data(project, "series-0")["cells"][0] == {"runs": [0, 3, 1, 7, 2, 3]}
    changes = data(project, "changes-0")["commits"]
    assert sorted(changes) == ["2", "3"]
    plain = next(i for i in changes["2"] if i["changes"][0][0] == 1)["changes"][0]
    kind, verdict, before, after, suspect = (plain[k] for k in (3, 4, 6, 7, 8))
    assert (site["kinds"][kind], site["verdicts"][verdict]) == ("value", "regression")
    assert (before, after, suspect) == (1, 2, 1)
    worse = next(i for i in changes["2"] if i["changes"][0][0] == 0)["changes"]
    assert [change[9] for change in worse] == [3, 3, 3]  # each is undone by the last commit
    assert commits["summaries"]["2"]["counts"] == {"regressions": 2}
    assert data(project, "environment")["runs"][0][:2] == [0, None]


def test_addresses_that_are_none_are_left_out(project: Project) -> None:
    conf = project.folder / "asv.conf.json"
    settings = json.loads(conf.read_text())
    settings |= {"show_commit_url": "javascript:alert(1)//", "project_url": "https://example.org"}
    conf.write_text(json.dumps(settings))
    assert publish(project).returncode == 0
    assert data(project, "site")["links"] == {"project": "https://example.org"}


@pytest.mark.slow
def test_published_twice_it_is_the_same(project: Project) -> None:
    assert publish(project).returncode == 0
    folder = project.folder / "h" / "data"
    first = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert publish(project).returncode == 0
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == first


def shown(infos: Sequence[SeriesInfo], absent: Sequence[SeriesInfo] = ()) -> list[SeriesHistory]:
    """The series, measured at one commit; and others that the target does not have."""
    rows = [(one, [[1.0] * len(one.cells)]) for one in infos]
    rows += [(one, [["n/a"] * len(one.cells)]) for one in absent]
    return list(history(*rows).series)


def test_views_are_found_by_what_series_say() -> None:
    views = find_views(shown([MAKESPAN, CPU, EXPONENT, LOST, EFFICIENCY, TOGETHER, PLAIN]))
    assert views.scaling == [Scaling("", [Quantity(0, (2, 1)), Quantity(1, None)], [2])]
    assert views.latency == [Latency("", [3, 4], 3)]
    assert views.concurrency == [Concurrency("", 5, [], 4)]
    assert find_views(shown([PLAIN])) == Views([], [], [])


def test_each_capability_that_the_target_has_has_views_of_its_own() -> None:
    echoes = replace(TOGETHER, name="echo.concurrency.Parallel.track_makespan")
    both = find_views(shown([TOGETHER, echoes])).concurrency
    assert both == [Concurrency("", 0, [], None), Concurrency("echo", 1, [], None)]
    asked = [replace(one, name=f"talk.{one.name}") for one in (MAKESPAN, TOGETHER, EFFICIENCY)]
    views = find_views(shown([echoes, *asked]))
    assert views.scaling == [Scaling("talk", [Quantity(1, None)], [])]
    assert views.concurrency == [Concurrency("echo", 0, [], None), Concurrency("talk", 2, [], 3)]
    assert views.latency == [Latency("talk", [3], None)]
    nothing_of_it = find_views(shown([echoes], absent=asked))
    assert nothing_of_it == Views([], [Concurrency("echo", 0, [], None)], [])


def test_a_parameter_without_a_role_makes_no_view() -> None:
    assert find_views(shown([replace(TOGETHER, roles={})])).concurrency == []


def test_a_parameter_that_is_no_number_makes_no_view() -> None:
    words = series("m.Agents.track_x", axes={"agents": ("'few'", "'many'")}, roles=SIZE)
    assert find_views(shown([words])).scaling == []


@pytest.mark.slow
def test_a_publish_that_fails_leaves_the_old_site(project: Project) -> None:
    assert publish(project).returncode == 0
    html = project.folder / "h"
    before = {file: file.read_bytes() for file in html.rglob("*") if file.is_file()}
    for file in (project.folder / "results").rglob("*.json"):
        file.write_text("[")
    done = publish(project)
    assert done.returncode == 2, done.stdout
    assert {file: file.read_bytes() for file in html.rglob("*") if file.is_file()} == before
    assert not list(project.folder.glob(".h.publish-*"))


def test_asv_itself_publishes_elsewhere_through_a_symbolic_link(project: Project) -> None:
    elsewhere = project.folder / "there"
    elsewhere.mkdir()
    link = project.folder / "sdk"
    link.symlink_to(elsewhere)
    command = ["-m", "asv", "publish", "--no-pull", "--html-dir", str(link)]
    done = subprocess.run(
        [sys.executable, *command],
        cwd=project.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert link.is_symlink()
    for name in ("index.html", "asv.html", "summary.json", "info.json"):
        assert (elsewhere / name).is_file()
    assert "sdk/index.html" in (project.folder / "index.html").read_text()  # the portal beside it
    assert not (project.folder / "h").exists()
