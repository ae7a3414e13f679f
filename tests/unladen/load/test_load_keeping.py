"""Loads that are kept: what is written of a report, and read back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from made_load import end, failed, plan, report, row, users

from unladen.errors import UserError
from unladen.load.keeping import kept_load, write_load
from unladen.load.report import LoadReport
from unladen.results.loads import KeptLoad, check_name, figure_unit, read_load

COMMIT = "1" * 40


def load() -> LoadReport:
    return report(
        [
            plan(limit_per_minute=60),
            users(0.0, 2),
            row(1.0, 1.0, calls=1),
            row(2.0, 3.0, calls=1, kind="stream", first_token=2.5),
            failed(7.0, 1.0, "server", calls=2),
            end(60.0, lost=0),
        ]
    )


def kept(trouble: str = "") -> KeptLoad:
    return kept_load(load(), "toy", COMMIT, [COMMIT[:8], "--keep=a b"], trouble)


def test_figures_are_called_as_criteria_call_them() -> None:
    figures = kept().figures
    assert figures["requests"] == 3
    assert figures["chat.requests"] == 2
    assert figures["chat.error_rate"] == 0.5
    assert figures["stream.first_token.p50"] == pytest.approx(0.5, rel=0.004)
    assert figures["errors.server"] == 1
    assert figures["errors.time-out"] == 0
    assert figures["facts.lost"] == 0
    assert figures["formula.calls_per_request"] == pytest.approx(4 / 3)
    assert "recovery_s" not in figures  # it has no peak
    assert "capacity.users" not in figures  # which was not looked for


def test_it_says_what_repeats_it() -> None:
    assert kept().command == "unladen --target toy load 11111111 '--keep=a b'"


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    file = tmp_path / "loads" / "ramp.json"
    one = kept("it froze")
    write_load(file, one)
    assert read_load(file) == one
    assert [period.failed for period in one.periods[:2]] == [0, 1]
    text = file.read_text("utf-8")
    write_load(file, one)
    assert file.read_text("utf-8") == text
    assert len(text.splitlines()) > len(one.periods)  # a line each


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"version": 2}, "its format has version 2, not 1"),
        ({"commit": "HEAD"}, "it is not a load of version 1"),
        ({"periods": [[0.0]]}, "it is not a load of version 1"),
        ({"figures": {"requests": "many"}}, "it is not a load of version 1"),
    ],
)
def test_what_is_none_is_refused(tmp_path: Path, change: dict[str, object], why: str) -> None:
    file = tmp_path / "ramp.json"
    write_load(file, kept())
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | change))
    with pytest.raises(UserError, match=why):
        read_load(file)


@pytest.mark.parametrize("name", ["", "../up", "Ramp", "a b", "x" * 41])
def test_a_name_is_no_path(name: str) -> None:
    with pytest.raises(UserError, match="a load cannot be kept as"):
        check_name(name)


@pytest.mark.parametrize(
    ("figure", "unit"),
    [
        ("chat.latency.p95", "seconds"), ("first_token.max", "seconds"), ("recovery_s", "seconds"),
        ("formula.request_s", "seconds"), ("stream.error_rate", "fraction"), ("requests", ""),
        ("requests_per_s", ""), ("facts.memory_growth_bytes", "bytes"), ("facts.lost", ""),
    ],
)  # fmt: skip
def test_a_figure_has_a_unit(figure: str, unit: str) -> None:
    assert figure_unit(figure) == unit
