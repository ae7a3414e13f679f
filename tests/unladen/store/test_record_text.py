"""A record says once what holds for many cells; records with an entry for each are read as well."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_records import CIRCUMSTANCES

from unladen.errors import UserError
from unladen.store import record_text
from unladen.store.records import Failure, NotApplicable, Note, Record, Wrong
from unladen.store.renaming import rename_series

GRID = [(repr(kind), str(count)) for kind, count in product(("chat", "stream"), (1, 10, 50))]

MANY = Record(
    CIRCUMSTANCES,
    failed=(
        Failure("m.a", ("'x'",), "ValueError: one", "two\nlines"),
        Failure("m.a", ("'y'",), "ValueError: one", "another"),
        Failure("m.b", (), "ValueError: one", "two\nlines"),
    ),
    not_applicable=tuple(
        NotApplicable(f"m.s{number}", params, "it has none")
        for number in range(8)
        for params in sorted(GRID)
    ),
    notes=(Note("m.a", ("'x'",), "first\nsecond"),),
    wrong=(Wrong("m.b", (), "not that"),),
)


def flat(record: Record) -> str:
    """As records were written before."""
    return json.dumps({**asdict(record), "version": 1}, indent=4, sort_keys=True)


def test_a_record_is_read_as_it_was_written_in_either_form(tmp_path: Path) -> None:
    path = tmp_path / "x.record"
    MANY.save(path)
    assert Record.load(path) == MANY
    assert json.loads(path.read_text())["version"] == 2
    small = path.stat().st_size
    path.write_text(flat(MANY))
    assert Record.load(path) == MANY
    assert small < path.stat().st_size / 5


def test_what_is_said_of_many_cells_is_written_once(tmp_path: Path) -> None:
    path = tmp_path / "x.record"
    MANY.save(path)
    assert path.read_text().count("it has none") == 1
    (group,) = json.loads(path.read_text())["not_applicable"]
    (cells,) = group["cells"]
    assert cells["series"] == [f"m.s{number}" for number in range(8)]
    assert cells["params"] == [list(params) for params in sorted(GRID)]
    assert len(json.loads(path.read_text())["failed"]) == 2


NAMES = st.sampled_from(["m.a", "m.b", "m.c"])
PARAMS = st.lists(st.sampled_from(["1", "'x'", "'y, z'"]), max_size=2).map(tuple)
TEXTS = st.sampled_from(["", "one", "two\nlines", '"quoted"', "ä"])
CELLS = st.dictionaries(st.tuples(NAMES, PARAMS), TEXTS, max_size=12)


@pytest.mark.slow
@given(CELLS, CELLS)
def test_any_record_is_the_same_in_both_forms(
    missing: dict[tuple[str, Any], str], failed: dict[tuple[str, Any], str]
) -> None:
    entries = {
        "version": 1,
        "environment": None,
        "failed": [
            {"series": s, "params": list(p), "reason": "r", "stderr": said}
            for (s, p), said in sorted(failed.items())
        ],
        "not_applicable": [
            {"series": s, "params": list(p), "reason": said}
            for (s, p), said in sorted(missing.items())
        ],
    }
    assert record_text.flat(json.loads(record_text.text(entries))) == entries


GOOD = {"series": ["m"], "params": [["1"]]}


@pytest.mark.parametrize(
    "groups",
    [
        *(5, [5], [{}], [{"reason": ""}], [{"reason": "", "cells": 5}]),
        [{"reason": "", "cells": [{**GOOD, "series": "m"}]}],
        [{"reason": "", "cells": [{**GOOD, "params": 1}]}],
        [{"reason": "", "cells": [{**GOOD, "params": ["1"]}]}],
        [{"reason": 5, "cells": [GOOD]}],
        [{"reason": "", "cells": [{"series": ["m"] * 2000, "params": [["1"]] * 2000}]}],
    ],
)
def test_what_is_no_record_is_refused_in_one_line(groups: object, tmp_path: Path) -> None:
    path = tmp_path / "x.record"
    lists = {"failed": [], "not_applicable": groups}
    path.write_text(json.dumps({"version": 2, "environment": None, **lists}))
    with pytest.raises(UserError, match=r"x\.record"):
        Record.load(path)


@pytest.mark.parametrize("is_flat", [False, True])
def test_series_are_renamed_in_either_form(tmp_path: Path, is_flat: bool) -> None:
    machine = tmp_path / "lab"
    machine.mkdir()
    (machine / "machine.json").write_text('{"machine": "lab", "version": 1}')
    results = {"commit_hash": "0" * 40, "results": {}, "version": 2}
    (machine / "00000000-env.json").write_text(json.dumps(results))
    path = machine / "00000000-env.record"
    if is_flat:
        path.write_text(flat(MANY))
    else:
        MANY.save(path)
    renamed = rename_series(tmp_path, {"m.s3": "m.s9", "m.a": "m.z"})
    assert (renamed.series, renamed.skipped) == (frozenset({"m.s3", "m.a"}), ())
    found = Record.load(path)
    assert {each.series for each in found.failed} == {"m.z", "m.b"}
    assert sum(each.series == "m.s9" for each in found.not_applicable) == len(GRID)
    assert not any(each.series == "m.s3" for each in found.not_applicable)
    assert found.wrong == MANY.wrong
    assert replace(found, failed=(), notes=(), not_applicable=()) == replace(
        MANY, failed=(), notes=(), not_applicable=()
    )
