"""Structs are what they were after being packed, whatever text is in them."""

from __future__ import annotations

import math

import pytest
from msgspec import Struct

from unladen.store.packed import packed, unpacked


class Things(Struct, array_like=True):
    names: list[str]
    content: bytes
    numbers: list[float | int]
    pair: tuple[int, str] | None = None


@pytest.mark.parametrize("name", ["a", "", "é\x1b\N{GRINNING FACE}", "\ud800", "x\udfff\ud800y"])
def test_what_is_unpacked_is_what_was_packed(name: str) -> None:
    things = Things([name, "b"], b"\xff\x00{", [1, 2.5, -0.0], (3, name))
    found = unpacked(packed(things), Things)
    assert found == things
    assert [type(one) for one in found.numbers] == [int, float, float]


@pytest.mark.parametrize("name", ["a", "\ud800"])
def test_numbers_that_json_does_not_know_stay_what_they_are(name: str) -> None:
    first, second = unpacked(packed(Things([name], b"", [math.nan, math.inf])), Things).numbers
    assert math.isnan(first)
    assert second == math.inf


@pytest.mark.parametrize("content", [b"", b"{", b"\xc1", b"\xc1{", b"\xc1[1]", b"\x91\x01"])
def test_what_is_none_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"holds no Things|Expecting"):
        unpacked(content, Things)
