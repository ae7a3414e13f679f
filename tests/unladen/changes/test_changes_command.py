"""What ``unladen changes`` prints, on made-up results."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from made_history import Project, commits, history, series, write_project
from terminals import Terminal, unstyled

from unladen.changes.by_commit import group_changes, importance
from unladen.changes.exact import find_exact_changes
from unladen.changes.lines import WIDTH
from unladen.changes.model import ratio
from unladen.changes.screen import show
from unladen.changes.summary import summarise, summary_blocks
from unladen.changes.text import render
from unladen.changes.words import size_text
from unladen.results.changes import load_changes
from unladen.store.series import SeriesInfo
from unladen.text.screen import Screen
from unladen.text.terminal import width

ROOT = Path(__file__).resolve().parents[3]
SCENARIOS = ("'plan'", "'ask_one'", "'ask_all'")
MAKESPAN = series(
    "m.Run.track_makespan",
    unit="seconds",
    group="virtual time",
    axes={"scenario": SCENARIOS},
)
WORK = series("m.Run.track_work", axes={"scenario": SCENARIOS})
MEMORY = series("m.Agents.track_memory", unit="bytes", group="memory")
CPU = series("m.Agents.time_cpu", kind="sampled", unit="seconds")


def project_of(folder: Path) -> Project:
    """Commit 1 is slower, 2 breaks work, 3 mends both, 4 adds a little work."""
    project = write_project(folder, [], *["f"] * 6)
    project.describe(MAKESPAN, WORK, MEMORY, CPU)
    spans = [3, 7, 7, 3, 3]
    works: list[Any] = [[1000, 10, 10], [1000, 10, 10], None, [1000, 10, 10], [1001, 10, 10]]
    for n, (span, work) in enumerate(zip(spans, works, strict=True)):
        rows = {
            MAKESPAN.name: [[span, span, 5], [list(SCENARIOS)], "1"],
            WORK.name: [work, [list(SCENARIOS)], "1"],
            MEMORY.name: [[50], [], "1"],
            CPU.name: [[0.1 + n], [], "1"],
        }
        project.store(n, rows)
    return project


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project; tests leave it as it is."""
    return project_of(tmp_path_factory.mktemp("project"))


def test_each_commit_says_what_it_changed_newest_first(project: Project) -> None:
    found = project.unladen("changes")
    assert found.returncode == 0, found.stderr
    short = [commit[:8] for commit in project.hashes]
    red = "\N{REPLACEMENT CHARACTER}[31mred"
    assert [" ".join(line.split()) for line in found.stdout.splitlines()] == [
        "sdk: what changed over 5 measured commits, newest first",
        "(branch main, on lab, env; numbers are those of a line's first cell)",
        "",
        f"{short[4]} 2023-11-18 commit 4 {red} 1 WORSE, all minor",
        "",
        f"{short[3]} 2023-11-17 commit 3 {red} 3 works, 2 better",
        "works m.Run.work plan, ask_one, ask_all FAILED -> 1,000",
        "better m.Run.makespan plan, ask_one 7 s -> 3 s -57 %",
        "",
        f"{short[2]} 2023-11-16 commit 2 {red} 3 BROKE",
        f"BROKE m.Run.work plan, ask_one, ask_all 1,000 -> FAILED fixed {short[3]}",
        "",
        f"{short[1]} 2023-11-15 commit 1 {red} 2 WORSE",
        f"WORSE m.Run.makespan plan, ask_one 3 s -> 7 s x2.33 fixed {short[3]}",
        "",
        "Regressions: 2 commits, nothing of it still there.",
        "Improvements: 1 commit.",
        "1 measured commit changed nothing. 1 commit was not measured. "
        f"Sampled series are judged from 8 commits on. unladen explain {short[1]} says which lines "
        "did it.",
    ]


@pytest.mark.slow
def test_one_can_choose_commits_series_and_cells(project: Project) -> None:
    one = project.unladen("changes", project.hashes[1][:10])
    assert one.stdout.count("m.Run") == 1
    several = project.unladen("changes", f"{project.hashes[1]}..{project.hashes[3]}")
    assert "commit 1" not in several.stdout
    assert "commit 3" in several.stdout
    assert "0 measured commits changed nothing" in several.stdout
    work = project.unladen("changes", "--series", "Run.*work", "--limit", "1")
    assert "makespan" not in work.stdout
    every = project.unladen("changes", "--all", "main~1")
    assert [line.split()[:3] for line in every.stdout.splitlines() if "m.R" in line] == [
        ["WORSE", "m.Run.work", "plan"]
    ]


def test_the_json_is_strict_and_says_it_all(project: Project) -> None:
    def refuse(constant: str) -> float:
        raise AssertionError(constant)

    found = project.unladen("changes", "--json")
    data = json.loads(found.stdout, parse_constant=refuse)
    assert [commit["measured"] for commit in data["commits"]] == [False, *[True] * 5]
    assert len(data["changes"]) == 1 + 5 + 3 + 2
    slower = [c for c in data["changes"] if c["commit"] == project.hashes[1]]
    assert slower[0] == {
        "commit": project.hashes[1],
        "first_suspect": project.hashes[1],
        "last_suspect": project.hashes[1],
        "series": MAKESPAN.name,
        "params": {"scenario": "'plan'"},
        "unit": "seconds",
        "series_kind": "exact",
        "group": "virtual time",
        "kind": "value",
        "verdict": "regression",
        "state": "certain",
        "before": {"status": "measured", "value": 3, "word": None, "reason": ""},
        "after": {"status": "measured", "value": 7, "word": None, "reason": ""},
        "ratio": 7 / 3,
        "value_before_failure": None,
        "undone_by": project.hashes[3],
        "drift": None,
        "evidence": None,
        "triage": None,
    }
    assert data["drifts"] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere",), "no such commit, branch or tag: nowhere"),
        (("main~1..main~3",), "main~1 is later than main~3: turn the range round"),
        (("--series", "nix"), "no series is called 'nix'"),
        (("--series", "["), "not a regular expression"),
        (("--limit", "0"), "must be a whole number above 0"),
        (("--machine", "nowhere"), "nothing is measured of sdk on nowhere"),
    ],
)
def test_bad_arguments_are_refused_in_one_line(
    project: Project, arguments: tuple[str, ...], said: str
) -> None:
    found = project.unladen("changes", *arguments)
    assert found.returncode == 2
    (line,) = found.stderr.splitlines()
    assert line.startswith("unladen: ")
    assert said in line


@pytest.mark.slow
def test_a_bad_file_is_named_on_standard_error_and_the_rest_is_used(tmp_path: Path) -> None:
    project = project_of(tmp_path)
    project.file(4).write_text("{")
    for command in ("changes", "table"):
        found = project.unladen(command)
        assert found.returncode == 0
        (line,) = [one for one in found.stderr.splitlines() if project.file(4).name in one]
        assert line.endswith("; skipped")
        assert found.stdout.startswith("sdk")


def test_what_matters_most_comes_first() -> None:
    rows: list[tuple[SeriesInfo, list[Any]]] = [
        (series("m.A.huge_work"), [1, 100]),
        (series("m.A.zero_memory", group="memory"), [0, 9]),
        (series("m.A.span", group="virtual time"), [10, 11]),
        (series("m.A.calls", group="calls"), [10, 5]),
        (series("m.A.new"), ["n/a", 1]),
        (series("m.B.broken"), [1, "failed"]),
        (series("m.A.tiny"), [1000, 1001]),
        (series("m.A.exponent", unit="exponent", group="growth"), [0.01, 0.02]),
        (series("m.A.tiny_span", group="virtual time"), [1000, 1001]),
    ]
    made = history(*rows)
    (commit,) = group_changes(made, find_exact_changes(made)).commits
    names = [item.biggest.series.name.rpartition(".")[2] for item in commit.items]
    wanted = ["broken", "new", "calls", "span", "tiny_span", "zero_memory", "huge_work"]
    assert names == [*wanted, "exponent", "tiny"]
    assert [item.is_minor for item in commit.items] == [*[False] * 7, True, True]
    assert sorted(commit.items, key=importance) == list(commit.items)


@pytest.mark.parametrize(
    ("unit", "before", "after", "is_minor"),
    [
        ("bytes", 0, 4, True),
        ("bytes", -2, 0, True),
        ("bytes", 0, 16, False),
        ("bytes", 100, 104, False),
        ("objects", 0, 0.015, True),
        ("objects", 0, 1, False),
        ("samples", 0, 4, False),
    ],
)
def test_what_is_hardly_kept_is_minor(
    unit: str, before: float, after: float, is_minor: bool
) -> None:
    info = series("m.A.kept", group="memory", unit=unit)
    made = history((info, [before, after]))
    (commit,) = group_changes(made, find_exact_changes(made)).commits
    assert [item.is_minor for item in commit.items] == [is_minor]


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [(-2, 0, ""), (-4, -2, ""), (0, 5, ""), (2, 0, "-100 %"), (100, 104, "+4 %")],
)
def test_no_share_of_a_negative_amount_is_told(before: float, after: float, text: str) -> None:
    info = series("m.A.kept", group="memory", unit="bytes")
    assert size_text(info, before, after, ratio(before, after)) == text


def test_series_of_a_class_that_break_together_take_one_line() -> None:
    made = history(*[(series(f"m.A.track_{n}"), [1, "failed"]) for n in range(5)])
    text = render(group_changes(made, find_exact_changes(made)), 8)
    (line,) = (line for line in text.splitlines() if "BROKE  " in line)
    assert "m.A: 5 series" in line
    assert "ValueError: broken" in line


def test_a_drift_has_a_line_of_its_own() -> None:
    made = history((WORK, [[n, n, n] for n in (1000, 1010, 1020, 1030, 1030)]))
    report = group_changes(made, find_exact_changes(made))
    text = render(report, 8)
    assert "Slow drifts" in text
    first, last = made.commits[1].short, made.commits[3].short
    assert f"+3 %  {first}..{last}" in text
    assert len(report.drifts) == 1
    assert f"drift of 3 steps, up to {last}" in summarise(report)


def test_no_line_is_wider_than_a_hundred_columns() -> None:
    axes = {"a": tuple(f"'{'long' * 9} {n}'" for n in range(9))}
    long = series("module.VeryLongClassName.track_a_name_that_goes_on_and_on_and_on", axes=axes)
    made = history((long, [[10.0**9 + n] * 9 for n in (1, 2, 10**8)] + [["failed"] * 9]))
    subjects = [" ".join(["说明" * 40]) for _ in made.commits]
    for commit, subject in zip(made.commits, subjects, strict=True):
        object.__setattr__(commit, "subject", subject)
    report = group_changes(made, find_exact_changes(made))
    for text in (render(report, 8), render(report, None, every_cell=True), summarise(report)):
        assert max(map(width, text.splitlines())) <= WIDTH


def test_the_summary_is_one_screen_with_the_biggest_first() -> None:
    values = [1.0]
    for n in range(40):
        values.append(values[-1] * (1.1 + n / 100) if n % 2 else values[-1] / (1.1 + n / 100))
    made = history((series(), values))
    lines = summarise(group_changes(made, find_exact_changes(made))).splitlines()
    assert len(lines) <= 40
    assert lines[0] == "Regressions: 20 commits, 1 of them still there, at least in part"
    assert lines[1].split() == [commits(41)[40].short, "commit", "40"]
    assert lines[2].split()[0] == "m.C.x:"
    assert lines[3].split()[-2:] == ["fixed", "00000039"]
    assert [line for line in lines if line.startswith("Improvements: 20 commits")]
    assert "  and 12 more commits" in lines
    assert "  and 16 more commits" in lines


def test_a_history_without_changes_says_so() -> None:
    made = history((series(), [1, 1]))
    assert "No commit changed" in summarise(group_changes(made, find_exact_changes(made)))


def long_history() -> Any:
    """Commits with long names of series and long words for what they do."""
    codes = ("as it should be", "degraded and reported", "ends in a typed error of the SDK's own")
    axes = {"case": tuple(f"'{'[b]long' * 4} {n}'" for n in range(4))}
    name = "module.VeryLongClassName.track_a_name_that_goes_on_and_on"
    outcome = series(name, axes=axes, codes=codes, expected={})
    return history(
        (outcome, [[0] * 4, [1] * 4, [2] * 4, [0] * 4, [2] * 4]),
        (series("m.C.track_work"), [1000, 1200, 1200, 1200, 1100]),
    )


@pytest.mark.parametrize("columns", [60, 80, 100, 160])
def test_on_a_terminal_the_biggest_come_first_and_no_value_is_cut(
    columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("LINES", "30")
    made = long_history()
    report = group_changes(made, find_exact_changes(made))
    stream = Terminal()
    show(report, Screen(stream, is_whole=True), "unladen changes --all")
    shown = unstyled(stream.getvalue())
    assert max(map(width, shown.splitlines())) <= columns
    assert "\x1b" not in shown
    rows = [row for block in summary_blocks(report) for row in block.rows]
    assert len(rows) == 5
    for row in rows:
        assert {*row.values.split(), *row.size.split(), row.commit} <= {*shown.split()}
    assert "unladen changes --all" in " ".join(shown.split())


def test_on_a_low_terminal_the_others_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    values = [1.0]
    for n in range(40):
        values.append(values[-1] * (1.1 + n / 100) if n % 2 else values[-1] / (1.1 + n / 100))
    made = history((series(), values))
    report = group_changes(made, find_exact_changes(made))
    for lines in (15, 30, 60):
        monkeypatch.setenv("LINES", str(lines))
        stream = Terminal()
        show(report, Screen(stream, is_whole=False), "unladen changes --all")
        shown = unstyled(stream.getvalue()).splitlines()
        assert len(shown) <= lines - 2
        named = sum(line.startswith("  0000") for line in shown)
        assert f"{40 - named} more commits: unladen changes --all" in shown
        assert shown[3].split()[0] == commits(41)[40].short


@pytest.mark.slow
def test_of_one_commit_its_changes_are_shown(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LINES", "30")
    report = load_changes(project.read(), project.hashes[2])
    stream = Terminal()
    show(report, Screen(stream, is_whole=False), "unladen changes --all")
    shown = " ".join(unstyled(stream.getvalue()).split())
    assert project.hashes[2][:8] in shown
    assert "BROKE m.Run.work" in shown
