"""The portal: targets side by side, the floor as the unit."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from made_history import series, write_project

from unladen.errors import UserError
from unladen.history.commit_values import CellValue, SeriesValues, Values
from unladen.site.comparison import Comparison, Entry, TargetColumn, compare
from unladen.site.costs import CostHistory
from unladen.site.fault_counts import FaultCounts
from unladen.site.figures import EarlierCommit, TargetFigure, figures_of
from unladen.site.headlines import ChangeHeadline
from unladen.site.host import Host
from unladen.site.portal import find_published, root_of, write_portal
from unladen.site.summary import Newest, Summary
from unladen.site.summary_file import write_summary
from unladen.store.presentation import PortalRow
from unladen.store.series import Status

HOST = Host("AMD EPYC", 2, "3.11.7", 0.4)
HOSTILE = '"><img src=x onerror=alert(1)><script>alert(1)</script>'


ROWS = {
    "cpu": PortalRow(10, "CPU", "a run", "seconds", needs_same="machine"),
    "bytecodes": PortalRow(20, "Bytecodes", "the same", "bytecodes", needs_same="python"),
    "makespan": PortalRow(60, "Makespan", "20 runs", "ratio", inverted=True, in_floors=False),
    "agents_lost": PortalRow(70, "Agents lost", "of 1,000", "agents", in_floors=False),
    "growth": PortalRow(80, "Growth", "its bytecodes", "exponent", in_floors=False),
}


def figure(key: str, found: float | Status, reason: str = "") -> TargetFigure:
    """A figure of one of the rows: its value, or why it has none."""
    if isinstance(found, Status):
        return TargetFigure(ROWS[key], f"m.C.{key}", found, None, reason)
    return TargetFigure(ROWS[key], f"m.C.{key}", Status.MEASURED, found)


def summary(target: str, host: Host | None = HOST, **figures: float | Status) -> Summary:
    """A target with these figures; all others are not measured."""
    made = [figure(key, found) for key, found in figures.items()]
    return Summary(target, "", "lab", "env", 3, Newest("a" * 40, 0, "subject"), host, made)


def entry(comparison: Comparison, key: str, column: int) -> Entry:
    """The entry of a figure in a column."""
    (table,) = comparison.tables
    (number,) = [n for n, head in enumerate(table.heads) if head.row.label == ROWS[key].label]
    target = comparison.columns[column]
    return next(row.entries[number] for row in table.rows if row.column is target)


def floor_and(*targets: Summary, **figures: float | Status) -> Comparison:
    return compare(
        [TargetColumn(one, f"{one.target}/") for one in targets],
        TargetColumn(summary("bare", **figures), ""),
    )


def test_figures_are_told_in_floors() -> None:
    made = floor_and(summary("sdk", cpu=6e-4, bytecodes=26_000.0), cpu=3e-4, bytecodes=13_000.0)
    assert [column.summary.target for column in made.columns] == ["bare", "sdk"]
    assert (entry(made, "cpu", 1).main, entry(made, "cpu", 1).detail) == ("2.00 ×", "600 µs")
    assert (entry(made, "bytecodes", 0).main, entry(made, "bytecodes", 0).share) == ("1.00 ×", 0.5)
    assert entry(made, "bytecodes", 1).detail == "26,000"


@pytest.mark.parametrize(
    ("ratio", "text"),
    [(0.5512, "0.55 ×"), (12.34, "12.3 ×"), (1234.5, "1,234 ×"), (9.999, "10.0 ×")],
)
def test_ratios_have_three_digits(ratio: float, text: str) -> None:
    made = floor_and(summary("sdk", bytecodes=ratio), bytecodes=1.0)
    assert entry(made, "bytecodes", 1).main == text


def test_some_figures_are_absolute_always() -> None:
    made = floor_and(
        summary("sdk", growth=1.924, makespan=1.0, agents_lost=420.0), growth=0.9, makespan=1.0
    )
    told = [entry(made, key, 1) for key in ("growth", "makespan", "agents_lost")]
    assert [one.main for one in told] == ["1.92", "1.00", "420"]
    assert [one.share for one in told] == [None] * 3


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (Status.FAILED, "FAILED"),
        (Status.NOT_APPLICABLE, "n/a"),
        (Status.MISSING, "not measured"),
    ],
)
def test_a_target_without_a_figure_shows_why(status: Status, text: str) -> None:
    sdk = summary("sdk", bytecodes=1.0)
    sdk = replace(sdk, figures=[*sdk.figures, figure("cpu", status, "it has none")])
    told = entry(floor_and(sdk, cpu=1.0), "cpu", 1)
    assert (told.main, told.why, told.share) == (text, "it has none", None)


@pytest.mark.parametrize(
    ("host", "cpu", "bytecodes", "makespan"),
    [
        (HOST, True, True, True),
        (replace(HOST, cpu="Another"), False, True, True),
        (replace(HOST, cores=64), False, True, True),
        (replace(HOST, python="3.13.1"), False, False, True),
        (None, False, True, True),
    ],
)
def test_only_what_can_be_compared_is_told_in_floors(
    host: Host | None, cpu: bool, bytecodes: bool, makespan: bool
) -> None:
    figures = {"cpu": 2.0, "bytecodes": 2.0, "makespan": 2.0}
    made = floor_and(summary("sdk", host, **figures), **dict.fromkeys(figures, 1.0))
    assert ("×" in entry(made, "cpu", 1).main, "×" in entry(made, "bytecodes", 1).main) == (
        cpu,
        bytecodes,
    )
    assert bool(entry(made, "cpu", 1).why) is not cpu
    assert entry(made, "makespan", 1).why == ""
    assert makespan


def test_without_the_floor_figures_are_absolute(tmp_path: Path) -> None:
    made = compare([TargetColumn(summary("sdk", cpu=6e-4), "sdk/")], None)
    assert entry(made, "cpu", 0).main == "600 µs"
    html = published(tmp_path, summary("sdk", cpu=6e-4))
    assert "There are no results of the floor" in html
    assert "×" not in re.sub(r"<style>.*</style>", "", html, flags=re.DOTALL)


def test_a_floor_of_zero_is_no_unit() -> None:
    told = entry(floor_and(summary("sdk", bytecodes=5.0), bytecodes=0.0), "bytecodes", 1)
    assert (told.main, told.share) == ("5", None)


def test_what_is_measured_otherwise_is_another_row() -> None:
    other = replace(ROWS["cpu"], work="a longer run")
    sdk = replace(summary("sdk"), figures=[TargetFigure(other, "m.C.cpu", Status.MEASURED, 2.0)])
    made = floor_and(sdk, cpu=1.0)
    (table,) = made.tables
    assert [head.row.work for head in table.heads] == ["a longer run", "a run"]
    assert [[one.main for one in row.entries] for row in table.rows] == [
        ["not measured", "1.00 ×"],
        ["2 s", "not measured"],
    ]


def test_each_capability_has_a_table_of_the_targets_that_have_it() -> None:
    def named(series: str) -> TargetFigure:
        return TargetFigure(ROWS["cpu"], series, Status.MEASURED, 1.0)

    lacking = TargetFigure(ROWS["cpu"], "talk.m.C.cpu", Status.NOT_APPLICABLE, None, "it has none")
    one = replace(summary("one"), figures=[named("talk.m.C.cpu"), named("m.C.cpu")])
    other = replace(summary("other"), figures=[lacking, named("walk.m.C.cpu")])
    made = compare([TargetColumn(one, "one/"), TargetColumn(other, "other/")], None)
    assert [
        (table.capability, [row.column.summary.target for row in table.rows], table.without)
        for table in made.tables
    ] == [
        ("", ["one"], ["other"]),
        ("talk", ["one"], ["other"]),
        ("walk", ["other"], ["one"]),
    ]
    assert (made.capabilities("one/"), made.capabilities("other/")) == (["talk"], ["walk"])


def test_a_series_says_which_figure_it_is() -> None:
    row = replace(ROWS["makespan"], cell={"size": "5"}, per=2.0)
    axes = {"size": ["1", "5"]}
    cells = [CellValue(("1",), Status.MEASURED, 3), CellValue(("5",), Status.MEASURED, 8)]
    made = [
        SeriesValues("m.C.a", "s", "exact", axes, cells, portal=row),
        SeriesValues("m.C.b", "s", "exact", axes, cells[:1], portal=row),
        SeriesValues("m.C.c", "s", "exact", axes, cells),
        SeriesValues("m.C.d", "s", "exact", {"other": ["5"]}, cells[1:], portal=row),
    ]
    found = figures_of(Values("sdk", "c", 0, "m", "3.11.7", made))
    assert [(one.series, one.status, one.value) for one in found] == [
        ("m.C.a", Status.MEASURED, 0.25),
        ("m.C.b", Status.MISSING, None),
        ("m.C.d", Status.MISSING, None),
    ]


def test_a_busy_machine_is_remarked() -> None:
    made = floor_and(summary("sdk", replace(HOST, load=6.0)))
    assert [remark for remark in made.remarks if "sdk was measured on a busy machine" in remark]
    assert floor_and(summary("sdk")).remarks == []


EARLIER = EarlierCommit("b" * 40, "", replace(HOST, cpu="Another", load=6.0))


def moved(target: Summary, earlier: EarlierCommit = EARLIER) -> Summary:
    """A target whose figures are all from an earlier commit."""
    return replace(target, figures=[replace(one, earlier=earlier) for one in target.figures])


def test_a_figure_of_an_earlier_commit_is_compared_by_what_it_was_measured_on() -> None:
    sdk = summary("sdk", replace(HOST, cpu="Another"), cpu=6e-4, bytecodes=26_000.0)
    floor = moved(summary("bare", cpu=3e-4, bytecodes=13_000.0))
    made = compare([TargetColumn(sdk, "sdk/")], TargetColumn(floor, ""))
    assert (entry(made, "cpu", 1).main, entry(made, "cpu", 1).at) == ("2.00 ×", "")
    assert (entry(made, "cpu", 0).main, entry(made, "cpu", 0).at) == ("1.00 ×", "bbbbbbbb")
    same = compare([TargetColumn(sdk, "sdk/")], TargetColumn(summary("bare", cpu=3e-4), ""))
    assert entry(same, "cpu", 1).why == "another machine than the floor's"


def test_the_load_is_that_of_the_commit_that_cpu_is_from() -> None:
    made = floor_and(moved(summary("sdk", cpu=1.0)), moved(summary("other", bytecodes=1.0)))
    assert [remark.split()[0] for remark in made.remarks] == ["sdk"]


def test_without_figures_that_depend_on_the_machine_its_load_is_nothing_to_remark() -> None:
    busy = replace(HOST, load=6.0)
    assert floor_and(summary("sdk", busy, cpu=Status.MISSING, bytecodes=1.0)).remarks == []
    assert floor_and(summary("sdk", busy, cpu=1.0)).remarks


def test_the_page_says_which_commit_a_figure_is_from(tmp_path: Path) -> None:
    earlier = replace(EARLIER, name="v1.2")
    html = published(tmp_path, moved(summary("sdk", cpu=6e-4), earlier), summary("other", cpu=1.0))
    assert html.count('<span class="detail">at v1.2</span>') == 1
    hosts = re.search(r'<h2 id="hosts">.*?</dl>', html, re.DOTALL)
    assert hosts is not None
    assert "<dd>AMD EPYC, 2 cores, Python 3.11.7; at v1.2 Another, 2 cores" in hosts[0]


# The page


def published(root: Path, *summaries: Summary, floor: Path = Path("nowhere")) -> str:
    """The portal's HTML."""
    for one in summaries:
        folder = root / one.target.replace("/", "_")
        folder.mkdir(parents=True)
        write_summary(folder, one)
    return write_portal(root, floor).read_text("utf-8")


def test_the_floor_may_come_from_its_results(tmp_path: Path) -> None:
    project = write_project(tmp_path / "bare", [], "f")
    row = replace(ROWS["bytecodes"], cell={"scenario": "plan"})
    work = series("m.C.bytecodes", axes={"scenario": ("'plan'",)}, portal=row)
    project.describe(work)
    project.store(0, {work.name: [[13_000], [["'plan'"]], "1"]})
    sdk = replace(summary("sdk"), figures=[TargetFigure(row, work.name, Status.MEASURED, 26_000.0)])
    html = published(tmp_path / "html", sdk, floor=project.results)
    assert "from its stored results" in html
    assert "2.00 ×" in html


def test_a_regression_is_told_with_its_commit_and_fix(tmp_path: Path) -> None:
    line = headline()
    found = replace(summary("sdk"), repaired=[line], regressions_found=7)
    html = published(tmp_path, found)
    assert f'href="sdk/commit.html#{"b" * 40}"' in html
    assert 'href="sdk/series.html#m.C.track_x&amp;cell=plan%2C%20a%20%26%20b"' in html
    assert "6 → 9" in html
    assert f'<a href="sdk/commit.html#{"c" * 40}">fixed</a>' in html
    assert "BROKE" in html


def headline() -> ChangeHeadline:
    return ChangeHeadline(
        commit="b" * 40,
        date=0,
        subject="A subject",
        series="m.C.track_x",
        cell=("'plan'", "'a & b'"),
        cells=3,
        name="C.track_x",
        where="plan +2",
        before="6",
        after="9",
        unit="calls",
        size="+50 %",
        mark="BROKE",
        verdict="regression",
        state="certain",
        there=0,
        of=3,
        undone_by="c" * 40,
        steps=0,
    )


def test_hostile_texts_are_escaped_and_addresses_are_of_the_web(tmp_path: Path) -> None:
    texts = ("subject", "series", "name", "where", "before", "after", "unit", "size", "mark")
    line = replace(headline(), **dict.fromkeys(texts, HOSTILE), commit=HOSTILE)
    one = replace(
        summary("sdk", replace(HOST, cpu=HOSTILE)),
        target=HOSTILE,
        project_url="javascript:alert(1)",
        newest=Newest(HOSTILE, 10**18, HOSTILE),
        figures=[figure("cpu", Status.FAILED, HOSTILE)],
        regressions=[line],
        standing=[line],
        repaired=[line],
        faults=[FaultCounts(HOSTILE, HOSTILE, 2, 1, 1)],
        costs=[CostHistory(HOSTILE, "m.C.cpu", (), "CPU", 2, ((0, 1.0), (1, None)))],
    )
    (tmp_path / 'odd"><name').mkdir()
    write_summary(tmp_path / 'odd"><name', one)
    html = write_portal(tmp_path, Path("nowhere")).read_text("utf-8")
    assert "<img" not in html
    assert html.count("<script") == 1  # the portal's own
    assert "javascript:" not in html
    assert 'href="odd%22%3E%3Cname/index.html"' in html


def test_a_damaged_summary_is_named_and_the_rest_is_shown(tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "summary.json").write_text('{"version": 1, "target": ')
    html = published(tmp_path, summary("sdk"))
    assert "broken/summary.json is not readable" in html
    assert str(tmp_path) not in html
    assert 'href="sdk/index.html">sdk</a>' in html


def test_the_portal_is_one_file(tmp_path: Path) -> None:
    html = published(tmp_path, summary("sdk"))
    assert '<link rel="stylesheet"' not in html
    assert "src=" not in html
    (script,) = re.findall(r"<script>(.*)</script>", html, flags=re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}';" in html
    assert "mock results" in html.lower()


def test_the_floor_comes_first_then_names(tmp_path: Path) -> None:
    published(tmp_path, summary("zeta"), summary("alpha"), summary("bare"))
    found, problems = find_published(tmp_path)
    assert [one.summary.target for one in found] == ["bare", "alpha", "zeta"]
    assert problems == []


def test_the_floor_alone_is_shown_too(tmp_path: Path) -> None:
    assert "bare" in published(tmp_path, summary("bare", cpu=1.0))


def test_no_target_is_an_error_of_one_line(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no target is published"):
        write_portal(tmp_path, tmp_path)


def test_nothing_is_written_beside_a_folder_that_is_not_the_targets() -> None:
    assert root_of("sdk", Path("/site/html/sdk")) == Path("/site/html")
    assert root_of("sdk", Path("/site/html")) is None


# The command


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command: Sequence[str] = [sys.executable, "-m", "unladen", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_the_command_writes_the_portal_and_says_where(tmp_path: Path) -> None:
    project = write_project(tmp_path, [], "f")
    write(project.folder, html_dir="html/sdk")
    done = run(project.folder, "portal")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "no target is published" in done.stderr

    (project.folder / "html" / "sdk").mkdir(parents=True)
    write_summary(project.folder / "html" / "sdk", summary("sdk"))
    done = run(project.folder, "portal")
    assert (done.returncode, done.stdout) == (0, "html/index.html\n")
    assert (project.folder / "html" / "index.html").is_file()


@pytest.mark.slow
def test_the_command_needs_to_know_the_folder(tmp_path: Path) -> None:
    project = write_project(tmp_path, [], "f")
    done = run(project.folder, "portal")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "--html-dir" in done.stderr


def write(folder: Path, **changes: str) -> None:
    path = folder / "asv.conf.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))
