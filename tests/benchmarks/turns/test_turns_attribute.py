"""Whose work figures of turns are."""

from __future__ import annotations

from collections import Counter

from attributing import assert_parts_add_up, attributed


def test_what_a_forked_process_counts_adds_up_to_its_figure() -> None:
    assert_parts_add_up("turns.journey.Journey.track_sdk_bytecodes", 0)


def test_statements_are_told_by_their_text_and_by_who_executes_them() -> None:
    found, again = (
        attributed("turns.journey.Journey.track_statements", 0, "--whole", hash_seed=seed)
        for seed in ("1", "2")
    )
    assert found["parts"] == again["parts"]
    times = Counter({text: times for text, _, times in found["parts"]})
    assert times.total() == found["value"] == 12
    assert times["INSERT INTO turns VALUES (?...)"] == 10
    where = {text: [name for _, name, _ in place] for text, place, _ in found["parts"]}
    assert where["INSERT INTO turns VALUES (?...)"] == [
        "Turns._keep",
        "Turns._work",
        "Turns.submit",
    ]
