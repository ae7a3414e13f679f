"""Numbers with what they count."""

from __future__ import annotations

import pytest

from unladen.text.counts import count_text, noun_of


@pytest.mark.parametrize(
    ("number", "nouns", "text"),
    [
        (0, ("commit",), "0 commits"),
        (1, ("commit",), "1 commit"),
        (2034, ("commit",), "2,034 commits"),
        (1, ("series was", "series were"), "1 series was"),
        (2, ("series was", "series were"), "2 series were"),
    ],
)
def test_a_number_has_the_noun_of_so_many(number: int, nouns: tuple[str, ...], text: str) -> None:
    assert count_text(number, *nouns) == text


def test_a_noun_may_stand_alone() -> None:
    assert noun_of(1.0, "core") == "core"
    assert noun_of(1.5, "core") == "cores"
