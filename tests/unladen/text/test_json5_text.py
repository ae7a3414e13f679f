"""Confs are read as JSON where they are, and as JSON5 where they are not."""

from __future__ import annotations

import pytest

from unladen.text.json5_text import loads


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": [1, 2.5, null, true, "\\u00e9"]}', {"a": [1, 2.5, None, True, "é"]}),
        ("{a: 'b', // why\n c: [0x10, +1,],}", {"a": "b", "c": [16, 1]}),
        ('{"a": 1, "a": 2}', {"a": 2}),
    ],
)
def test_what_a_text_says(text: str, said: object) -> None:
    assert loads(text) == said


@pytest.mark.parametrize("text", ["", "{", '{"a" 1}', "{a: 1} {}"])
def test_what_is_neither_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        loads(text)


def test_who_changes_what_was_read_does_not_change_what_is_read_next() -> None:
    text = "{a: [1]} // once"
    loads(text)["a"].append(2)
    assert loads(text) == {"a": [1]}
