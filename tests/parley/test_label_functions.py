"""The functions that the labels name are those of the diffs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from draft_functions import NAMED, changed_functions, with_functions

from unladen.labels.labels import Kind, Label, Labels


@pytest.fixture(scope="module")
def changed() -> Mapping[str, Sequence[str]]:
    """What each commit's diff changes."""
    return changed_functions()


@pytest.mark.slow
def test_functions_are_those_of_the_diff(
    labels: Labels, changed: Mapping[str, Sequence[str]]
) -> None:
    for label in labels.commits:
        assert set(label.functions) <= set(changed.get(label.subject, ())), label.subject
        assert label.kind in NAMED or not label.functions, label.subject
    assert sum(bool(label.functions) for label in labels.commits) > 60


def labelled(*functions: str, kind: Kind = Kind.REGRESSION) -> Labels:
    return Labels("3.11", (Label("It", kind, "so", functions=functions),))


@pytest.mark.parametrize(
    ("before", "diff", "after"),
    [
        ((), ["a.py:<module>", "a.py:f"], ("a.py:f",)),
        ((), ["a.py:<module>"], ("a.py:<module>",)),
        (("a.py:f",), ["a.py:f", "a.py:g"], ("a.py:f",)),
        (("a.py:<module>",), ["a.py:<module>", "a.py:g"], ("a.py:<module>",)),
        (("a.py:gone",), ["a.py:f", "a.py:g"], ("a.py:f", "a.py:g")),
        (("a.py:f",), [], ()),
    ],
)
def test_what_a_person_chose_is_kept_while_the_diff_has_it(
    before: tuple[str, ...], diff: list[str], after: tuple[str, ...]
) -> None:
    (label,) = with_functions(labelled(*before), {"It": diff}).commits
    assert label.functions == after


def test_only_regressions_and_improvements_are_named() -> None:
    (label,) = with_functions(labelled(kind=Kind.NEUTRAL), {"It": ["a.py:f"]}).commits
    assert label.functions == ()
