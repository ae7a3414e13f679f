"""How a difference is explained is said by the series."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from made_history import series

from unladen.explain import kinds
from unladen.explain.kinds import kind_of
from unladen.explain.run import ExplainedFigure
from unladen.store.benchmarks_file import load_series

KINDS = {value for name, value in vars(kinds).items() if name.isupper()}


@pytest.mark.parametrize(
    ("said", "kind", "found"),
    [("", "exact", "work"), ("", "sampled", "none"), ("waits", "exact", "waits")],
)
def test_of_a_series_that_does_not_say_it_work_is_explained_if_it_is_exact(
    said: str, kind: str, found: str
) -> None:
    assert kind_of(series(explain=said, kind=kind)) == found


def test_a_series_that_says_it_is_the_same_as_one_that_was_stored_before() -> None:
    assert series(explain="waits") == series()


def test_it_is_read_from_benchmarks_json(tmp_path: Path) -> None:
    entry = {"param_names": [], "params": [], "version": "1", "kind": "exact"}
    said = {"version": 2, "m.told": {**entry, "explain": "waits"}, "m.not_told": entry}
    (tmp_path / "benchmarks.json").write_text(json.dumps(said))
    found = load_series(tmp_path)
    assert {name: one.explain for name, one in found.items()} == {
        "m.told": "waits",
        "m.not_told": "",
    }


def test_what_a_figure_has_of_its_kind_is_called_after_it() -> None:
    fields = {field.name for field in dataclasses.fields(ExplainedFigure)}
    assert {"work", "waits", "counted", "retained", "imports"} <= fields & KINDS
