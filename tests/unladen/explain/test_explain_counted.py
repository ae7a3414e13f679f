"""A difference of a number of things is put down to the functions that did them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_sources import FILE, own, side
from tiny_project import empty_history

from unladen.explain.code import Key
from unladen.explain.contexts import CountedPart, OwnFrame, Side
from unladen.explain.counted import CountedThings, explain_counted
from unladen.explain.counted_json import counted_json
from unladen.explain.counted_text import counted_lines
from unladen.explain.matching import Matching
from unladen.explain.run import CommitPair, pair_of
from unladen.repo.commits import commit_called
from unladen.repo.repository import Repository

NOTES = "SELECT text FROM notes WHERE session = ?"
TITLE = "SELECT title FROM sessions WHERE id = ?"


def did(*parts: tuple[str, tuple[str, ...], int], value: float | None = None) -> Side:
    """A side that counted things: a text, the functions above it, how many."""
    found = [
        CountedPart(text, [OwnFrame(Key(FILE, name), 10 * len(name)) for name in names], times)
        for text, names, times in parts
    ]
    total = sum(times for _, _, times in parts)
    empty = side([(-1, own("run"), 0, 1, {1: 1})], total if value is None else value)
    return replace(empty, parts=found)


def explained(before: Side, after: Side, *changed: str) -> CountedThings | None:
    matching = Matching(why={Key(FILE, name): "changed" for name in changed})

    def text(_: str, line: int) -> str:
        return f"line {line}"

    return explain_counted(before, after, matching, (text, text))


def test_it_is_the_nearest_changed_function_above_that_is_to_blame() -> None:
    before = did((TITLE, ("title", "load"), 1), (NOTES, ("note", "load"), 1))
    after = did((TITLE, ("title", "load"), 1), (NOTES, ("note", "load"), 20))
    found = explained(before, after, "load")
    assert found is not None
    assert (found.before, found.after, found.change, found.left_over) == (2, 21, 19, 0)
    (cause,) = found.causes
    assert (cause.key, cause.why, cause.change) == (Key(FILE, "load"), "changed", 19)
    (part,) = cause.parts
    assert (part.place.text, part.place.where, part.place.via) == (NOTES, "note", "line 40")
    assert (part.line, part.times) == (40, (1, 20))
    assert [(one.text, one.times) for one in found.texts] == [(NOTES, (1, 20))]


def test_what_has_no_changed_function_above_stands_alone() -> None:
    found = explained(did((NOTES, ("load",), 1)), did((NOTES, ("load",), 3), (TITLE, (), 1)))
    assert found is not None
    (cause,) = found.causes
    assert (cause.key, cause.change) == (None, 3)
    assert [(one.place.where, one.change) for one in cause.parts] == [("load", 2), ("", 1)]


def test_what_another_does_instead_counts_for_neither() -> None:
    before = did((NOTES, ("load",), 2), (TITLE, ("load",), 1))
    after = did((NOTES, ("fetch",), 2), (TITLE, ("load",), 1))
    found = explained(before, after, "load", "fetch")
    assert found is not None
    assert (found.causes, found.texts, found.moved, found.left_over) == ([], [], 2, 0)


def test_less_is_told_as_more_is() -> None:
    before = did((NOTES, ("load",), 20), (TITLE, ("title",), 1))
    after = did((NOTES, ("load",), 2), (TITLE, ("title",), 2))
    found = explained(before, after, "load", "title")
    assert found is not None
    assert [cause.key for cause in found.causes] == [Key(FILE, "load"), Key(FILE, "title")]
    assert [one.text for one in found.texts] == [NOTES, TITLE]


def test_a_figure_that_is_no_such_sum_is_not_explained() -> None:
    whole = did((NOTES, ("load",), 2))
    assert explained(whole, whole) is not None
    assert explained(did((NOTES, ("load",), 2), value=3), whole) is None
    assert explained(whole, did((NOTES, ("load",), 2), value=2.5)) is None


PARTS = st.lists(
    st.tuples(
        st.sampled_from([NOTES, TITLE]),
        st.lists(st.sampled_from(["a", "b", "c"]), max_size=3).map(tuple),
        st.integers(1, 5),
    ),
    max_size=6,
)


@given(PARTS, PARTS, st.sets(st.sampled_from("abc")))
def test_the_parts_add_up(
    before: list[tuple[str, tuple[str, ...], int]],
    after: list[tuple[str, tuple[str, ...], int]],
    changed: set[str],
) -> None:
    found = explained(did(*before), did(*after), *changed)
    assert found is not None
    assert found.left_over == 0
    assert sum(one.change for one in found.texts) == found.change
    assert all(sum(part.change for part in cause.parts) == cause.change for cause in found.causes)


SOURCE = """\
class Store:
    def load(self, session):
        return self.note(session)

    def note(self, session):
        return self.read(session)
"""


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> CommitPair:
    """A commit that has ``Store.load`` look for each note on its own."""
    history = empty_history(tmp_path_factory.mktemp("counted") / "clone")
    history.commit("first", {"src/sdk/store.py": SOURCE}, 1)
    changed = SOURCE.replace("self.note(session)", "[self.note(one) for one in session]")
    history.commit("second", {"src/sdk/store.py": changed}, 2)
    repository = Repository(str(history.folder), "sdk")
    before, after = (commit_called(repository, name) for name in ("HEAD^", "HEAD"))
    return pair_of(repository, before, after, ["src"])


def loaded(times: int) -> Side:
    """What a side executed."""
    store = "sdk/store.py"
    frames = [OwnFrame(Key(store, "Store.note"), 6), OwnFrame(Key(store, "Store.load"), 3)]
    parts = [CountedPart(NOTES, frames, times), CountedPart("COMMIT", [], times // 10)]
    total = sum(part.times for part in parts)
    return replace(side([(-1, own("run"), 0, 1, {1: 1})], total), parts=parts)


def test_text_and_json_say_whether_the_commit_touches_the_line(pair: CommitPair) -> None:
    texts = pair.old.line, pair.new.line
    found = explain_counted(loaded(1), loaded(20), pair.matching(), texts)
    assert found is not None
    lines = [" ".join(line.split()) for line in counted_lines(found, pair, everything=False)]
    assert lines == [
        "counted, by functions that the commit changes (* it touches the line)",
        "+19 90.5% 1 Store.load sdk/store.py:2 @@ -3,1 +3,1 (changed)",
        f"+19 *3: in Store.note 1 -> 20 times: {NOTES}",
        "+2 9.5% below no changed function",
        "+2 0 -> 2 times: COMMIT",
        "+0 0.0% left over",
        "+21 100.0% together",
        "counted, by text",
        f"+19 90.5% 1 -> 20 times: {NOTES}",
        "+2 9.5% 0 -> 2 times: COMMIT",
    ]
    told = counted_json(found, pair)
    assert [one["function"] for one in told["causes"]] == ["Store.load", None]
    assert {part["hunk"] for part in told["causes"][0]["parts"]} == {"-3,1 +3,1"}
    assert told["texts"][0] == {"text": NOTES, "times": [1, 20]}
    assert told["left_over"] == 0
