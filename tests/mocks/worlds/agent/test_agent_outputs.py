"""What agents end with, whichever of its forms an SDK gives."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from mocks.worlds.agent.outputs import findings_model, text_and_output
from mocks.worlds.agent.specs import Findings, Item

FOUND = Findings([Item("a", 7)])


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("that is all", ("that is all", None)),
        ({"items": [{"key": "a", "price": 7}]}, ("", FOUND)),
        (SimpleNamespace(items=[Item("a", 7)]), ("", FOUND)),
    ],
)
def test_a_run_ends_with_a_text_or_with_findings(said: Any, expected: object) -> None:
    assert text_and_output(said) == expected


def test_no_output_needs_no_pydantic() -> None:
    assert findings_model(None) is None


def test_findings_are_a_pydantic_model() -> None:
    pytest.importorskip("pydantic")
    made = findings_model(Findings)(items=[{"key": "a", "price": 7}])
    assert text_and_output(made) == ("", FOUND)
    assert text_and_output(made.model_dump()) == ("", FOUND)
