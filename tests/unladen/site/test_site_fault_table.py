"""Faults of all SDKs: what most get wrong first, and nothing that a file of others may break."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from made_history import CASES, history, outcomes, series

from unladen.errors import UserError
from unladen.site.fault_table import FaultsColumn, fault_tables
from unladen.site.faults_file import NAME, PublishedFaults, read_faults, write_faults
from unladen.site.faults_portal import write_faults_portal

SERIES = "talk.faults.Run.track_outcome"
RECOVERED, ERROR, CRASH, HANG = 0.0, 2.0, 3.0, 4.0


def published(folder: Path, *rows: list[float | str | None]) -> PublishedFaults:
    """What a publish leaves of these outcomes, by commit and case."""
    folder.mkdir()
    write_faults(folder, history((outcomes(), rows)))
    return read_faults(folder / NAME)


def test_what_is_published_is_the_newest_outcome_of_each(tmp_path: Path) -> None:
    found = published(tmp_path / "a", [RECOVERED, HANG, None], [CRASH, "failed", "n/a"])
    (one,) = found.outcomes
    assert (one.series, one.commit[:8]) == (SERIES, "00000001")
    assert [(f.fault, f.word, f.as_expected, f.is_unexpected) for f in one.faults] == [
        (CASES[0], "untyped crash", False, True),
        (CASES[1], None, None, True),
        (CASES[2], None, None, False),
    ]


def test_a_target_without_outcomes_has_no_table(tmp_path: Path) -> None:
    write_faults(tmp_path, history((series(), [1.0, 2.0])))
    found = read_faults(tmp_path / NAME)
    assert found.outcomes == ()
    assert fault_tables([FaultsColumn(found, "a/")]) == []


def test_what_cannot_happen_counts_for_none(tmp_path: Path) -> None:
    columns = [
        FaultsColumn(published(tmp_path / "a", ["n/a", HANG, "failed"]), "a/"),
        FaultsColumn(published(tmp_path / "b", ["n/a", "n/a", "n/a"]), "b/"),
    ]
    (table,) = fault_tables(columns)
    assert [table.count_of(column) for column in columns] == [(2, 2), (0, 0)]


def test_what_most_get_wrong_comes_first(tmp_path: Path) -> None:
    columns = [
        FaultsColumn(published(tmp_path / "a", [RECOVERED, HANG, HANG]), "a/"),
        FaultsColumn(published(tmp_path / "b", [RECOVERED, HANG, ERROR]), "b/"),
        FaultsColumn(published(tmp_path / "c", [ERROR, ERROR, None]), "c/"),
    ]
    (table,) = fault_tables(columns)
    assert [(row.place, row.name, row.unexpected) for row in table.rows] == [
        ("offer", "429", 2),
        ("offer", "hangs", 0),
        ("center", "raises", 1),
    ]
    assert [table.count_of(column) for column in columns] == [(2, 3), (1, 3), (0, 2)]
    assert [cell.sign for cell in table.rows[0].cells] == ["\u2717", "\u2717", "\u2713"]
    assert [cell.words for cell in table.rows[2].cells] == [
        "hang, not as expected",
        "typed error, as expected",
        "not measured",
    ]
    assert table.rows[0].cells[0].href == (
        "a/faults.html#show=talk.faults.Run.track_outcome&text=offer%3A%20429"
    )


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"version": 9}', '{"version": 1, "target": "a", "outcomes": [1]}']
)
def test_a_file_that_is_none_is_named_and_left_out(tmp_path: Path, text: str) -> None:
    published(tmp_path / "a", [RECOVERED, HANG, ERROR])
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / NAME).write_text(text)
    with pytest.raises(UserError):
        read_faults(tmp_path / "b" / NAME)
    assert write_faults_portal(tmp_path, "index.html")
    page = (tmp_path / "faults.html").read_text()
    assert "b/faults.json is not readable" in page
    assert "talk.faults.Run.outcome" in page


def test_without_faults_there_is_no_page(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "faults.html").write_text("old")
    (tmp_path / "a" / NAME).write_text(json.dumps({"version": 1, "target": "a", "outcomes": []}))
    assert not write_faults_portal(tmp_path, "index.html")
    assert not (tmp_path / "faults.html").exists()
