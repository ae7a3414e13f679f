"""Whose work figures of a service are."""

from __future__ import annotations

from attributing import assert_parts_add_up, attributed


def test_what_a_forked_process_counts_adds_up_to_its_figure() -> None:
    assert_parts_add_up("service.request.Request.track_own_bytecodes", 0)


def test_what_a_thread_executes_is_done_by_who_gave_it_to_the_thread() -> None:
    found = attributed("service.request.Request.track_sql_statements", 0, "--whole")
    ((text, place, times),) = found["parts"]
    assert (text, times, found["value"]) == ("INSERT INTO said VALUES (?...)", 1, 1)
    assert [name for _, name, _ in place] == ["Service._keep", "Service._chat"]
