"""Verdicts beside the results: kept, found, and read whatever is in the file."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from made_history import series

from unladen.store.results_folder import results_files
from unladen.store.verdicts import FILE, Ruling, Verdict, Verdicts, load

ONE = Verdict(
    series="m.C.time_x",
    version="1",
    params=("'a'", "5"),
    environment="env",
    commit="b" * 40,
    before="a" * 40,
    after="b" * 40,
    ruling=Ruling.CONFIRMED,
    suspected=1.2,
    figure_before=0.1,
    figure_after=0.12,
    ratio=1.2,
    low=1.1,
    high=None,
    p=0.001,
    rounds=14,
    date="2026-01-01T00:00:00+00:00",
    python="3.11.7",
    cpu="a fast one",
)
SERIES = series("m.C.time_x", kind="sampled")


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    other = replace(ONE, commit="c" * 40, ruling=Ruling.CLEARED, suspected=None)
    Verdicts().updated([ONE, other]).save(tmp_path)
    found = load(tmp_path)
    assert set(found.all.values()) == {ONE, other}
    assert not found.remarks
    assert [file.name for file in tmp_path.iterdir()] == [FILE]


def test_asv_does_not_take_it_for_results(tmp_path: Path) -> None:
    Verdicts().updated([ONE]).save(tmp_path)
    assert results_files(tmp_path) == []
    assert not FILE.endswith((".json", ".record"))


def test_there_is_one_verdict_on_the_same() -> None:
    later = replace(ONE, ruling=Ruling.CLEARED, date="2026-01-02T00:00:00+00:00")
    assert list(Verdicts().updated([ONE]).updated([later]).all.values()) == [later]


def test_look_up() -> None:
    elsewhere = replace(ONE, before="d" * 40, date="2026-02-01T00:00:00+00:00")
    verdicts = Verdicts().updated([ONE, elsewhere])
    assert verdicts.find(SERIES, ONE.params, ONE.commit) == elsewhere  # the latest
    assert verdicts.find(SERIES, ONE.params, ONE.commit, ONE.before) == ONE
    assert verdicts.find(SERIES, ONE.params, ONE.commit, ONE.before, "env") == ONE
    assert verdicts.find(SERIES, ONE.params, ONE.commit, ONE.before, "other") is None
    assert verdicts.find(SERIES, ("'b'", "5"), ONE.commit) is None
    assert verdicts.find(SERIES, ONE.params, "e" * 40) is None
    assert verdicts.find(replace(SERIES, version="2"), ONE.params, ONE.commit) is None


def test_no_file_is_no_verdicts(tmp_path: Path) -> None:
    assert load(tmp_path) == Verdicts()


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"version": 2, "verdicts": []}', '{"version": 1}', "[" * 100_000, "\xff"],
)
def test_a_bad_file_is_skipped_with_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="latin-1")
    found = load(tmp_path)
    assert not found.all
    assert len(found.remarks) == 1
    assert FILE in found.remarks[0]
    assert "\n" not in found.remarks[0]


@pytest.mark.parametrize(
    "change",
    [
        {"ratio": float("nan")},
        {"ratio": None},
        {"p": True},
        {"p": 10**400},
        {"low": "1"},
        {"ruling": "guilty"},
        {"params": "ab"},
        {"params": [1]},
        {"rounds": 1.5},
        {"series": 7},
        {"more": 1},
    ],
)
def test_a_bad_entry_is_skipped(tmp_path: Path, change: dict[str, Any]) -> None:
    good = {**asdict(ONE), "ruling": "confirmed"}
    entries = [good, {**good, **change}, "text"]
    (tmp_path / FILE).write_text(json.dumps({"version": 1, "verdicts": entries}))
    found = load(tmp_path)
    assert list(found.all.values()) == [ONE]
    assert len(found.remarks) == 1
    assert "2 verdicts" in found.remarks[0]
