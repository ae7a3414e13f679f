"""Numbers that know what they are numbers of."""

from __future__ import annotations

import copy
import pickle

import pytest

from benchmarks.core.counted import Counted, Ledger, number, tellers
from benchmarks.core.telling import plain

HERE, THERE = (("sdk.py", "here", 1),), (("sdk.py", "there", 2),)


def test_sums_and_differences_have_the_sums_and_differences_of_the_parts() -> None:
    one = Counted.of({("read", HERE): 2, ("write", HERE): 1})
    other = Counted.of({("read", HERE): 5, ("write", THERE): 1})
    difference = other - one
    assert (int(one), int(other), difference) == (3, 6, 3)
    assert isinstance(difference, Counted)
    assert difference.parts == {("read", HERE): 3, ("write", THERE): 1, ("write", HERE): -1}
    together = sum([one, other])
    assert isinstance(together, Counted)
    assert together == 9
    assert together.parts[("read", HERE)] == 7
    assert other - other == 0


def test_with_any_other_number_it_is_a_plain_one() -> None:
    one = Counted.of({("read", HERE): 2})
    assert [type(each) for each in (one + 1, one - 1, 1 + one, one / 2, one * 2)] == [
        int,
        int,
        int,
        float,
        int,
    ]
    assert (one + 1, one - 1, 1 + one) == (3, 1, 3)


def test_it_is_the_same_in_a_copy_and_in_another_process() -> None:
    one = Counted.of({("read", HERE): 2, ("write", THERE): 1})
    for other in (copy.deepcopy(one), pickle.loads(pickle.dumps(one))):
        assert other == one
        assert other.parts == one.parts


def test_a_total_that_is_not_what_was_noted_has_no_parts() -> None:
    ledger = Ledger()
    ledger.note("a", ("read", HERE))
    ledger.note("b", ("write", HERE))
    known = ledger.known(2)
    assert isinstance(known, Counted)
    assert ledger.known(3) == 3
    assert not isinstance(ledger.known(3), Counted)
    only = ledger.known(1, lambda what: what == "b")
    assert isinstance(only, Counted)
    assert only.parts == {("write", HERE): 1}


def test_in_plain_measuring_a_number_is_a_length() -> None:
    assert tellers == []
    assert type(number([1, 2])) is int
    assert number([1, 2]) == 2


@pytest.mark.parametrize(
    ("sql", "text"),
    [
        ("SELECT a1 FROM t2 WHERE id = 17", "SELECT a1 FROM t2 WHERE id = ?"),
        ("SELECT 'it''s 5',  -3.5e2\n FROM t", "SELECT ?... FROM t"),
        ("INSERT INTO t VALUES (1, 'a', x'00ff')", "INSERT INTO t VALUES (?...)"),
        ("INSERT INTO t VALUES (1, 2), (3, 4),(5, 6)", "INSERT INTO t VALUES (?...), ..."),
        ('SELECT "7" FROM t LIMIT 10 OFFSET 20', 'SELECT "7" FROM t LIMIT ? OFFSET ?'),
        ("SAVEPOINT s_3", "SAVEPOINT s_3"),
        ("SELECT a WHERE b IN (1,2,3) AND c = NULL", "SELECT a WHERE b IN (?...) AND c = NULL"),
    ],
)
def test_statements_that_differ_in_values_have_one_text(sql: str, text: str) -> None:
    assert plain(sql) == text
