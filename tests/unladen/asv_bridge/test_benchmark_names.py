"""Patterns of ``--bench`` are told to asv as few expressions, for it tries each on each name."""

from __future__ import annotations

import re
from typing import Any

import pytest

from unladen.asv_bridge.benchmark_names import widened
from unladen.errors import UserError


def _benchmark(name: str, *params: list[str]) -> dict[str, Any]:
    return {"name": name, "params": list(params)}


MANY = [_benchmark(f"talk.baseline.Run{n}.track_words", ["'a'", "'b'"]) for n in range(600)]
ALL = [*MANY, _benchmark("talk.baseline.Run1.track_words_lost"), _benchmark("talk.other.Run.a+b")]


def found(*patterns: str) -> set[str]:
    """asv's names that are found."""
    told = widened(patterns, ALL)
    names = [f"{one['name']}({each})" for one in MANY for each in one["params"][0]]
    names += [one["name"] for one in ALL if not one["params"]]
    return {name for name in names if any(re.search(one, name) for one in told)}


def test_a_whole_name_finds_that_series_only() -> None:
    assert found("talk.baseline.Run1.words") == {
        "talk.baseline.Run1.track_words('a')",
        "talk.baseline.Run1.track_words('b')",
    }
    assert found("talk.baseline.Run1.track_words_lost") == {"talk.baseline.Run1.track_words_lost"}
    assert found("talk.other.Run.a+b") == {"talk.other.Run.a+b"}


def test_a_pattern_finds_names_that_are_shown_and_asvs_own() -> None:
    assert found(r"Run7\.words\('b'\)") == {"talk.baseline.Run7.track_words('b')"}
    assert found(r"Run7\.track_words\('b'\)") == {"talk.baseline.Run7.track_words('b')"}
    assert len(found("words")) == 1_201


@pytest.mark.parametrize(
    ("patterns", "most"),
    [(["words"], 2), ([f"talk.baseline.Run{n}.words" for n in range(600)], 1), (["nothing"], 1)],
)
def test_however_many_are_found_there_are_few_expressions(patterns: list[str], most: int) -> None:
    assert len(widened(patterns, ALL)) <= most


def test_what_is_no_expression_is_refused() -> None:
    with pytest.raises(UserError, match="not a regular expression: '\\('"):
        widened(["("], ALL)
