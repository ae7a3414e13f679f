"""What some commits changed, and what became of what others did."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from made_history import Project, Value, commits, history, ruled, series, write_project

from unladen.changes.by_commit import HistoryChanges, group_changes
from unladen.changes.load import find_changes
from unladen.changes.sampled import find_sampled_changes
from unladen.compare.triage import judged
from unladen.report.digest import Chosen, commits_from, digest
from unladen.report.document import Document
from unladen.report.markdown import render
from unladen.report.screen import text_of
from unladen.site.digest_page import week_of
from unladen.store.series import SeriesInfo
from unladen.store.triage import TriageEntry, TriageFile, TriageWord
from unladen.store.verdicts import Ruling, Verdicts

WORK = series("m.C.track_work")
CALLS = series("m.C.track_calls", group="calls")
CPU = series("m.C.time_cpu", kind="sampled", unit="seconds")


def found(*rows: tuple[SeriesInfo, list[Value]], file: TriageFile | None = None) -> HistoryChanges:
    made = history(*rows)
    return group_changes(made, find_changes(made, Verdicts(), file))


def since(changes: HistoryChanges, first: int) -> Chosen:
    """The commits from this one on."""
    hashes = {one.hash for one in changes.history.commits[first:]}
    return Chosen(hashes, f"commit {first - 1}")


def sections(document: Document) -> dict[str, list[str]]:
    """The rows of each section in words."""
    told: dict[str, list[str]] = {}
    for section in document.sections:
        (table,) = section.blocks
        rows = [" | ".join(map(text_of, row)) for row in table.rows]  # type: ignore[union-attr]
        told[section.title] = [row.replace("\u00a0", " ") for row in rows]
    return told


def told(changes: HistoryChanges, first: int) -> dict[str, list[str]]:
    return sections(digest(changes, since(changes, first), has_links=False))


def test_commits_are_told_by_what_they_did() -> None:
    changes = found((WORK, [10, 20, 20, 20, 15]), (CALLS, [5, 5, 6, 4, 8]))
    rows = told(changes, 1)
    assert [*rows] == ["Got worse", "Worse and better", "Got better"]
    assert [row[:8] for row in rows["Got worse"]] == ["00000002", "00000001"]
    (worse, better) = rows["Worse and better"]
    assert worse.startswith("00000004 2023-11-18 commit 4 | WORSE m.C.calls | 4 → 8 | x2 | ")
    assert better == " | better m.C.work | 20 → 15 | -25 % | "
    assert rows["Got better"] == [
        "00000003 2023-11-17 commit 3 | better m.C.calls | 6 → 4 | -33 % | lost 00000004"
    ]


def test_what_was_before_is_open_or_repaired() -> None:
    changes = found((WORK, [10, 20, 20, 10]), (CALLS, [5, 6, 6, 6]))
    rows = told(changes, 2)
    assert rows["Repaired"] == [
        "00000001 2023-11-15 commit 1 | WORSE m.C.work | 10 → 20 | x2 | fixed 00000003"
    ]
    assert rows["Open since before"] == [
        "00000001 2023-11-15 commit 1 | WORSE m.C.calls | 5 → 6 | +20 % | still there"
    ]
    text = render(digest(changes, since(changes, 2), has_links=False), None)
    assert "2 commits measured, `00000002` to `00000003`: 0 made something worse, 1 better" in text
    assert "## Series" not in text


def test_suspects_and_confirmed_ones_have_sections_of_their_own() -> None:
    made = history((CPU, [1.0] * 12 + [1.5] * 12))
    (suspect,) = find_sampled_changes(made)
    for verdicts, title in (
        (Verdicts(), "Suspected"),
        (ruled(made, suspect, Ruling.CONFIRMED), "Confirmed"),
    ):
        changes = group_changes(made, find_changes(made, verdicts))
        (row,) = told(changes, 1)[title]
        assert "WORSE m.C.time_cpu" in row


def test_what_people_said_is_told() -> None:
    rows: list[tuple[SeriesInfo, list[Value]]] = [(WORK, [10, 20, 20]), (CALLS, [5, 5, 6])]
    first = found(*rows)
    names = judged(first.commits[0], TriageWord.ACCEPTED, [])
    one = TriageEntry(
        first.commits[0].commit.hash, TriageWord.ACCEPTED, "it has to", "Ann", 0, names
    )
    names = judged(first.commits[1], TriageWord.REPORTED, [])
    other = TriageEntry(first.commits[1].commit.hash, TriageWord.REPORTED, "#12", "Ann", 0, names)
    changes = found(*rows, file=TriageFile([one, other]))
    rows_told = told(changes, 2)
    assert [row.rpartition(" | ")[2] for row in rows_told["What people said"]] == [
        "accepted: it has to",
        "reported #12",
    ]
    assert rows_told["Got worse"][0].endswith("| accepted: it has to")
    assert rows_told["Open since before"][0].endswith("| reported #12")


def test_a_commit_has_few_lines_and_says_how_many_more() -> None:
    names = [series(f"m.C{n}.track_work") for n in range(5)]
    changes = found(*((name, [10, 20]) for name in names))
    rows = told(changes, 1)["Got worse"]
    assert len(rows) == 4
    assert rows[-1].strip(" |") == "and 2 more"


def test_nothing_measured_is_said() -> None:
    changes = found((WORK, [10, 20]))
    text = render(digest(changes, Chosen((), "yesterday"), has_links=False), None)
    assert "No commit was measured since yesterday." in text


def test_a_day_begins_with_its_first_commit_on_the_line() -> None:
    changes = found((WORK, [10, 20, 30, 30]))
    dates = [one.date for one in commits(4)]
    assert commits_from(changes, dates[2]) == {one.hash for one in commits(4)[2:]}
    assert commits_from(changes, dates[3] + 1) == set()
    assert len(week_of(found((WORK, [*range(20)]))).hashes) == 8  # seven days and the newest


def test_what_others_wrote_is_escaped() -> None:
    nasty = series("m.<b>|`x`.track_*y*")
    text = render(digest(found((nasty, [1, 2])), Chosen((), "<img>|"), has_links=False), None)
    assert "<img>" not in text.replace("\\<img\\>", "")
    (row,) = [line for line in text.splitlines() if "WORSE" in line]
    assert row.replace("\\|", "").count("|") == 6


# The command


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = write_project(tmp_path, [], *"ffff")
    made.describe(WORK)
    for n, work in enumerate([10, 20, 20, 30]):
        made.store(n, {WORK.name: [[work], [], "1"]})
    repository = tmp_path / "repository"
    subprocess.run(["git", "-C", str(repository), "tag", "v1", "main~1"], check=True)
    return made


@pytest.mark.slow
@pytest.mark.parametrize(
    ("since", "measured"),
    [("v1", "1 commit"), ("main~2", "2 commits"), ("2023-11-16", "2 commits"), (None, "4 commits")],
)
def test_since_is_a_tag_a_commit_or_a_day(
    project: Project, since: str | None, measured: str
) -> None:
    done = project.unladen("digest", *(["--since", since] if since else []))
    assert done.returncode == 0, done.stderr
    assert f"\n\n{measured} measured, " in done.stdout
    assert "WORSE `m.C.work` | 20 → 30 | +50\u00a0% | still there |" in done.stdout


@pytest.mark.slow
def test_it_is_written_to_a_file(project: Project) -> None:
    done = project.unladen("digest", "--output", "digest.md")
    assert (done.returncode, done.stdout) == (0, "")
    assert (project.folder / "digest.md").read_text().startswith("# sdk: what changed since ")


@pytest.mark.slow
def test_bad_days_and_names_are_refused(project: Project) -> None:
    for word, said in (("2026-13-45", "there is no such day"), ("nowhere", "no such commit")):
        done = project.unladen("digest", "--since", word)
        assert done.returncode == 2
        assert said in done.stderr
