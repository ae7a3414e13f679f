"""What the portal's filter asks for is told of each change as the pages of a target have it."""

from __future__ import annotations

from typing import Any

import pytest
from made_history import history, series

from unladen.changes.by_commit import group_changes
from unladen.changes.exact import find_exact_changes
from unladen.site.filter_words import filter_words
from unladen.site.headlines import headline


def words(*values: Any) -> dict[str, str]:
    """Of the first change of a series that has these values."""
    made = history((series(), [*values]))
    commit = group_changes(made, find_exact_changes(made)).commits[-1]
    return filter_words(headline(commit.items[0]))


@pytest.mark.parametrize(
    ("values", "kind", "state", "size"),
    [
        ((10, 11), "regression standing", "fact there", "3"),
        ((10, 11, 10), "regression", "fact undone", "3"),
        ((10, 6), "improvement", "fact there", "4"),
        ((10, "ValueError: broken"), "regression standing broke", "fact there", "5"),
        (("ValueError: broken", 10), "improvement works", "fact there", "5"),
    ],
)
def test_kind_state_and_size(values: tuple[Any, ...], kind: str, state: str, size: str) -> None:
    found = words(*values)
    assert (found["kind"], found["state"], found["size"]) == (kind, state, size)


def test_a_change_is_found_by_its_name_and_its_area() -> None:
    assert "m.c.x" in words(1, 2)["series"]
    assert words(1, 2)["series"] == words(1, 2)["series"].lower()
