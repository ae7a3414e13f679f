"""Criteria: read, held against a load, and those that come with Unladen."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from made_load import end, failed, report, row, users

from unladen.errors import UserError
from unladen.load import junit
from unladen.load.acceptance import judge
from unladen.load.acceptance_file import read_criteria, shipped_criteria
from unladen.results.bounds import Met


def written(folder: Path, text: str) -> Path:
    path = folder / "accept.toml"
    path.write_text(text)
    return path


def outcome(folder: Path, text: str, lines: list[dict[str, Any]]) -> list[Met]:
    criteria = read_criteria(written(folder, f"[[criterion]]\n{text}"))
    return [one.met for one in judge(criteria, report(lines))]


ROWS = [
    *(row(n, 1.0) for n in range(19)),
    failed(19, 0.1, "quota", status=429),
    end(40.0, connections_left=2, memory_bytes=5e8),
]


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ('figure = "latency.p95"\nbelow = 1.1', Met.YES),
        ('figure = "latency.p95"\nbelow = 1.0', Met.NO),
        ('figure = "latency.p95"\nat_most = 1.0', Met.YES),
        ('figure = "latency.mean"\nat_least = 1.1', Met.NO),
        ('figure = "error_rate"\nat_most = 0.05', Met.YES),
        ('figure = "error_rate"\nbelow = 0.05', Met.NO),
        ('figure = "right_rate"\nabove = 0.9', Met.YES),
        ('figure = "available_rate"\nat_least = 1', Met.YES),
        ('figure = "requests_per_s"\nat_least = 0.5', Met.YES),
        ('figure = "facts.connections_left"\nat_most = 0', Met.NO),
        ('figure = "facts.memory_bytes"\nbelow = 600e6', Met.YES),
        ('figure = "facts.lost"\nat_most = 0', Met.UNMEASURED),
        ('figure = "latency.p95"\nkind = "work"\nbelow = 1', Met.UNMEASURED),
        ('figure = "first_token.p95"\nbelow = 1', Met.UNMEASURED),
        ('figure = "recovery_s"\nbelow = 1', Met.UNMEASURED),
    ],
)
def test_a_criterion_is_met_or_not(tmp_path: Path, text: str, met: Met) -> None:
    assert outcome(tmp_path, text, ROWS) == [met]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('figure = "latency.p96"\nbelow = 1', "no figure 'latency.p96'"),
        ('figure = "latency.p95"', "needs one of below"),
        ('figure = "latency.p95"\nbelow = 1\nabove = 2', "needs one of below"),
        ('figure = "latency.p95"\nbelow = inf', "finite"),
        ('figure = "latency.p95"\nbelow = "1"', "holds no criteria"),
        ('figure = "latency.p95"\nunder = 1', "holds no criteria"),
        ("below = 1", "holds no criteria"),
        ("x", "holds no criteria"),
    ],
)
def test_a_malformed_file_is_refused_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UserError, match=said) as caught:
        read_criteria(written(tmp_path, f"[[criterion]]\n{text}"))
    assert "accept.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="it is not there"):
        read_criteria(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("profile", "number"), [("baseline", 5), ("ramp", 5), ("soak", 3), ("spike", 3)]
)
def test_those_of_the_seeds_come_with_unladen(profile: str, number: int) -> None:
    criteria = shipped_criteria(profile)
    assert len(criteria) == number
    assert all(one.name for one in criteria)


@pytest.mark.parametrize("profile", ["crowd", "../baseline", "my.toml", ""])
def test_other_profiles_have_none(profile: str) -> None:
    assert shipped_criteria(profile) == []


def test_the_spike_of_a_service_that_falls_over() -> None:
    down = [failed(n, 0.1, "network", status=None) for n in range(20, 40)]
    made = report([users(0, 2), row(0, 1.0), users(20, 25), *down, users(40, 2), end(60, lost=1)])
    assert [one.met for one in judge(shipped_criteria("spike"), made)] == [
        Met.NO,
        Met.UNMEASURED,
        Met.NO,
    ]


def test_junit_has_a_case_for_each(tmp_path: Path) -> None:
    text = """
    [[criterion]]
    name = "fast"
    figure = "latency.p95"
    below = 2
    [[criterion]]
    name = "faultless \\u0007"
    figure = "error_rate"
    at_most = 0
    [[criterion]]
    name = "lost"
    figure = "facts.lost"
    at_most = 0
    [[criterion]]
    name = "grows"
    figure = "facts.memory_growth_bytes"
    at_most = 0
    required = true
    """
    made = report(ROWS)
    judged = judge(read_criteria(written(tmp_path, text)), made)
    (suite,) = ET.fromstring(junit.render(made, judged))
    assert {key: suite.get(key) for key in ("tests", "failures", "errors", "skipped")} == {
        "tests": "5",
        "failures": "2",
        "errors": "0",
        "skipped": "1",
    }
    said = {case.get("name"): [child.tag for child in case] for case in suite}
    assert said["fast"] == []
    assert said["faultless \ufffd"] == ["failure"]
    assert said["lost"] == ["skipped"]
    assert said["grows"] == ["failure"]


def test_junit_of_a_load_that_broke_off() -> None:
    (suite,) = ET.fromstring(junit.render(report([row(0, 1.0)]), []))
    assert suite.get("errors") == "1"
