"""Whose work a figure of a memory is."""

from __future__ import annotations

from attributing import assert_parts_add_up


def test_what_a_forked_process_counts_adds_up_to_its_figure() -> None:
    assert_parts_add_up("recall.store.Store.track_own_bytecodes", 0)
