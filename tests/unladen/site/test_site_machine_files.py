"""Feed, badge, changes.json and summary.json: what a publish leaves for programs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from made_history import Project, history, series, write_project
from made_records import CIRCUMSTANCES

from unladen.changes.by_commit import HistoryChanges, group_changes
from unladen.changes.exact import find_exact_changes
from unladen.errors import UserError
from unladen.results.changes import load_changes
from unladen.site import badge, changes_file, feed, links, summary_file
from unladen.site.counts import Counts, count
from unladen.site.summary import Newest, Summary, summarise, summarise_results
from unladen.store.presentation import PortalRow
from unladen.store.records import Record, Session, record_path
from unladen.store.series import Status

ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = "</title><script>alert(1)</script> & ]]> \x00\x1b[31m \ufffe \ud800 \u2028 \u202e"


def report(*rows: Any, subject: str = "") -> HistoryChanges:
    made = history(*rows)
    if subject:
        made = replace(made, commits=[replace(c, subject=subject) for c in made.commits])
    return group_changes(made, find_exact_changes(made))


def entries(text: str) -> list[ET.Element]:
    return ET.fromstring(text).findall(f"{ATOM}entry")


def content(entry: ET.Element) -> str:
    return entry.findtext(f"{ATOM}content") or ""


# Feed


def test_the_feed_tells_changes_in_both_directions_newest_first() -> None:
    told = feed.feed(report((series(), [10, 20, 20, 5])))
    titles = [entry.findtext(f"{ATOM}title") for entry in entries(told)]
    assert titles == ["1 improvement: commit 3", "1 regression: commit 1"]
    assert "WORSE m.C.x: 10 -> 20 (x2), certain" in content(entries(told)[1])
    terms = [entry.find(f"{ATOM}category") for entry in entries(told)]
    assert [term.get("term") for term in terms if term is not None] == ["improvement", "regression"]


def test_the_feed_is_valid_atom() -> None:
    """What RFC 4287 (sections 4.1.1 and 4.1.2) wants: once each, and not empty."""
    root = ET.fromstring(feed.feed(report((series(), [1, 2, 3]))))
    assert root.tag == f"{ATOM}feed"
    for element in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            (found,) = element.findall(f"{ATOM}{name}")
            assert found.text
        assert (element.findtext(f"{ATOM}id") or "").startswith("urn:uuid:")
        assert len(element.findall(f"{ATOM}author/{ATOM}name")) == 1
        assert [one for one in element.findall(f"{ATOM}link") if one.get("rel") == "alternate"]
        assert (element.findtext(f"{ATOM}updated") or "").endswith("Z")
    identities = [one.findtext(f"{ATOM}id") for one in (root, *root.findall(f"{ATOM}entry"))]
    assert len(set(identities)) == 3


def test_an_entry_keeps_its_id_when_later_commits_come() -> None:
    def ids(*values: int) -> dict[str | None, str | None]:
        told = entries(feed.feed(report((series(), values))))
        return {e.findtext(f"{ATOM}title"): e.findtext(f"{ATOM}id") for e in told}

    before, after = ids(1, 2), ids(1, 2, 3)
    assert before.items() < after.items()


def test_hostile_texts_stay_texts_in_the_feed() -> None:
    told = feed.feed(report((series(name=HOSTILE + ".f"), [1, 2]), subject=HOSTILE))
    (entry,) = entries(told)
    title = entry.findtext(f"{ATOM}title") or ""
    assert "<script>alert(1)</script>" in title
    assert "<script>" not in told
    assert not set("\x00\x1b\ufffe\u202e") & set(told)
    (link,) = entry.findall(f"{ATOM}link")
    assert link.get("href") == links.commit_page("00000001" + "a" * 32)


def test_a_feed_without_changes_has_the_date_of_the_newest_commit() -> None:
    root = ET.fromstring(feed.feed(report((series(), [1, 1]))))
    assert root.findtext(f"{ATOM}updated") == "2023-11-15T22:13:20Z"
    assert root.findall(f"{ATOM}entry") == []


def test_the_feed_ends_after_so_many_commits_and_leaves_out_minor_ones() -> None:
    values = [1000 * n for n in range(1, 100)]
    assert len(entries(feed.feed(report((series(), values))))) == feed.ENTRIES
    assert entries(feed.feed(report((series(), [10_000, 10_001])))) == []


# Counts and badge


def test_counts_are_of_series_and_of_facts() -> None:
    axes = {"n": ("1", "2")}
    told = report(
        (series("m.C.track_a", axes=axes), [[10, 10], [20, 30]]),
        (series("m.C.track_b"), [10, 5]),
        (series("m.C.track_c"), [10, "failed"]),
        (series("m.C.track_d"), [100_000, 100_001]),
    )
    assert count(told.commits[0]) == Counts(regressions=1, improvements=1, broken=1, minor=1)


@pytest.mark.parametrize(
    ("counts", "measured", "text"),
    [
        (Counts(), 2, "no regression"),
        (Counts(improvements=3, suspected=2, minor=9), 2, "no regression"),
        (Counts(regressions=1), 2, "1 regression"),
        (Counts(regressions=12), 9, "12 regressions"),
        (Counts(regressions=12, broken=1), 9, "broken"),
        (Counts(), 1, "first measured"),
    ],
)
def test_the_badge_tells_the_verdict_in_words(counts: Counts, measured: int, text: str) -> None:
    svg = ET.fromstring(badge.svg(replace(a_summary(), counts=counts, measured=measured)))
    title = svg.findtext("{http://www.w3.org/2000/svg}title") or ""
    assert title == svg.get("aria-label")
    assert title.endswith(f": {text}")
    assert text in "".join(svg.itertext())


def test_a_hostile_name_stays_a_text_in_the_badge() -> None:
    text = badge.svg(replace(a_summary(), target=HOSTILE))
    assert "<script>" not in text
    assert "<script>" in (ET.fromstring(text).get("aria-label") or "")


def test_white_on_the_badge_has_enough_contrast() -> None:
    told = [
        badge.badge_text(counts, 2)
        for counts in (Counts(), Counts(regressions=1), Counts(broken=1))
    ]
    for one in (*told, badge.badge_text(Counts(), 1)):
        assert 1.05 / (_luminance(one.colour) + 0.05) > 4.5


def _luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


# changes.json


def test_changes_are_those_of_the_command_up_to_a_limit(tmp_path: Path) -> None:
    cells = 300
    axes = {"n": [*map(str, range(cells))]}
    told = report((series(axes=axes), [[n] * cells for n in range(1, 6)]))
    changes_file.write_changes(tmp_path, told)
    path = tmp_path / "changes.json"
    data = json.loads(path.read_text())
    assert data["version"] == 1
    kept = {change["commit"][:8] for change in data["changes"]}
    assert 0 < len(kept) < 4
    assert max(kept) == "00000004"
    assert len(data["changes"]) == cells * len(kept)
    assert data["left_out"] == 4 - len(kept)
    assert len(data["commits"]) == 5
    assert path.stat().st_size < 1.2 * changes_file.BUDGET


def test_the_newest_commit_is_always_there(tmp_path: Path) -> None:
    axes = {"n": [*map(str, range(1000))]}
    changes_file.write_changes(tmp_path, report((series(axes=axes), [[1] * 1000, [2] * 1000])))
    data = json.loads((tmp_path / "changes.json").read_text())
    assert (len(data["changes"]), data["left_out"]) == (1000, 0)


# Summary


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Five commits: work doubles, then a failure, then all is well."""
    made = write_project(tmp_path, [], *["f"] * 5)
    plan = {"scenario": ("'plan'", "'eager'")}
    row = PortalRow(20, "Bytecodes", "a run", "bytecodes", {"scenario": "plan"})
    work = series("m.Run.track_bytecodes", axes=plan, unit="bytecodes", portal=row)
    row = PortalRow(50, "Import", "CPU", "seconds", needs_same="machine")
    import_ = series(
        "imports.Import.sample_cpu", kind="sampled", unit="seconds", group="import", portal=row
    )
    row = PortalRow(60, "Makespan", "many runs", "ratio", inverted=True)
    missing = series("m.Run.track_efficiency", unit="fraction", portal=row)
    made.describe(work, import_, missing)
    axes = [["'plan'", "'eager'"]]
    for n, values in enumerate([[10, 10], [20, 10], [20, None], [20, 10], [20, 10]]):
        made.store(n, {work.name: [values, axes, "1"], import_.name: [[0.05], [], "1"]})
        if None in values:
            made.record(n, [(work.name, ("'eager'",), "ValueError: no")])
    return made


def test_a_summary_has_figures_and_what_changed_most(project: Project) -> None:
    told = summarise(project.read(), load_changes(project.read()))
    assert told.newest.commit == project.hashes[4]
    assert told.measured == 5
    figures = {figure.row.label: figure for figure in told.figures}
    assert figures["Bytecodes"].value == 20
    assert figures["Bytecodes"].cell == ("'plan'",)
    assert figures["Import"].value == 0.05
    assert figures["Makespan"].status is Status.MISSING
    assert told.counts == Counts()
    assert [(one.mark, one.commit) for one in told.regressions] == [
        ("BROKE", project.hashes[2]),
        ("WORSE", project.hashes[1]),
    ]
    worse = told.regressions[1]
    assert (worse.before, worse.after, worse.unit, worse.size) == ("10", "20", "bytecodes", "x2")
    assert (worse.where, worse.undone_by) == ("plan", None)
    assert told.regressions[0].undone_by == project.hashes[3]
    assert (told.regressions_found, told.regressions_there) == (2, 1)
    assert [one.commit for one in told.latest] == [project.hashes[n] for n in (3, 2, 1)]


@pytest.mark.slow
def test_the_load_is_that_under_which_cpu_was_measured(project: Project) -> None:
    """Not that of exact series that were measured again later."""
    newest = {"imports.Import.sample_cpu": [[0.05], [], "1", 1_500]}
    newest["m.Run.track_bytecodes"] = [
        [20, 10],
        [["'plan'", "'eager'"]],
        "1",
        8_500,
    ]
    project.store(4, newest)
    environment = replace(CIRCUMSTANCES, load_average=(18.0, 18.0, 18.0))
    sessions = tuple(
        Session(began, began + 1_000, "CPU", (load, 9.0, 9.0), (9.0, 9.0, 9.0), None)
        for began, load in ((1_000, 0.5), (8_000, 17.0))
    )
    for known, load in ((sessions, 0.5), ((), 18.0)):
        Record(environment, sessions=known).save(record_path(project.file(4)))
        host = summarise(project.read(), load_changes(project.read())).host
        assert host is not None
        assert host.load == load


def exact_only(project: Project) -> None:
    """The newest commit without what is sampled."""
    axes = [["'plan'", "'eager'"]]
    project.store(4, {"m.Run.track_bytecodes": [[30, 10], axes, "1"]})
    for n, cpu in ((3, "Another"), (4, "CPU")):
        Record(replace(CIRCUMSTANCES, cpu=cpu)).save(record_path(project.file(n)))
        dated = json.loads(project.file(n).read_text()) | {"date": n}
        project.file(n).write_text(json.dumps(dated))


def test_what_the_newest_commit_lacks_is_from_the_last_that_has_it(project: Project) -> None:
    exact_only(project)
    alone = summarise_results("sdk", project.results)
    whole = summarise(project.read(), load_changes(project.read()))
    for told in (whole, alone):
        assert told is not None
        assert told.newest.commit == project.hashes[4]
        assert told.host is not None
        assert told.host.cpu == "CPU"
        figures = {figure.row.label: figure for figure in told.figures}
        assert (figures["Bytecodes"].value, figures["Bytecodes"].earlier) == (30, None)
        assert figures["Import"].value == 0.05
        earlier = figures["Import"].earlier
        assert earlier is not None
        assert (earlier.commit, earlier.short) == (project.hashes[3], project.hashes[3][:8])
        assert earlier.host is not None
        assert earlier.host.cpu == "Another"
        assert figures["Makespan"].status is Status.MISSING
        assert figures["Makespan"].earlier is None


def test_what_the_newest_commit_says_it_lacks_is_from_no_other(project: Project) -> None:
    project.store(4, {"imports.Import.sample_cpu": [[None], [], "1"]})
    told = summarise(project.read(), load_changes(project.read()))
    (failed,) = [one for one in told.figures if one.row.label == "Import"]
    assert (failed.status, failed.earlier) == (Status.FAILED, None)


def test_a_summary_with_an_earlier_commit_is_read_back(project: Project, tmp_path: Path) -> None:
    exact_only(project)
    told = summarise(project.read(), load_changes(project.read()))
    summary_file.write_summary(tmp_path, told)
    assert summary_file.read_summary(tmp_path / "summary.json").figures == told.figures


def test_a_summary_is_read_back_as_it_was_written(project: Project, tmp_path: Path) -> None:
    told = summarise(project.read(), load_changes(project.read()))
    summary_file.write_summary(tmp_path, told)
    assert as_lists(summary_file.read_summary(tmp_path / "summary.json")) == as_lists(told)


def as_lists(told: Summary) -> Any:
    return json.loads(json.dumps(told, default=lambda one: getattr(one, "__dict__", str(one))))


def test_results_alone_give_figures(project: Project) -> None:
    told = summarise_results("sdk", project.results)
    assert told is not None
    assert told.regressions == ()
    assert [f.value for f in told.figures if f.row.label == "Bytecodes"] == [20]
    assert summarise_results("sdk", project.folder / "nowhere") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"version": 2}',
        '{"version": 1}',
        '{"version": 1, "target": 1}',
        "[" * 100_000,
        '{"version": 1, "target": ' + "9" * 5_000 + "}",
    ],
)
def test_what_is_no_summary_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "summary.json"
    path.write_text(text)
    with pytest.raises(UserError) as refused:
        summary_file.read_summary(path)
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("measured", True),
        ("measured", -1),
        ("host", {"cpu": "x", "cores": "2", "python": "3", "load": 0}),
        ("newest", {"commit": None, "date": 0, "subject": ""}),
        (
            "figures",
            [{"key": "cpu", "status": "measured", "value": None, "reason": "", "cell": []}],
        ),
        ("figures", [{"key": "cpu", "status": "odd", "value": None, "reason": "", "cell": []}]),
        ("regressions", [{}]),
        ("latest", {}),
    ],
)
def test_a_summary_with_a_wrong_type_is_refused(
    project: Project, tmp_path: Path, key: str, value: Any
) -> None:
    summary_file.write_summary(tmp_path, summarise(project.read(), load_changes(project.read())))
    path = tmp_path / "summary.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), key: value}))
    with pytest.raises(UserError, match="not a summary"):
        summary_file.read_summary(path)


def a_summary() -> Summary:
    newest = Newest("0123456789abcdef", date=0, subject="s")
    return Summary("sdk", "", "lab", "env", 1, newest, None, [])  # type: ignore[arg-type]


def test_only_web_addresses_lead_away() -> None:
    good = ["https://example.org/x", "http://example.org"]
    bad = ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//x", "https:", None]
    assert [links.outside(one) for one in good] == good
    assert [links.outside(one) for one in [*bad, "http://[", 7]] == [""] * 8
