"""What a statement does, to which table."""

from __future__ import annotations

import pytest

from mocks.sqlite import Statement, Statements
from mocks.sqlite.statements import statement


@pytest.mark.parametrize(
    ("sql", "verb", "table"),
    [
        ("SELECT * FROM users WHERE id = ?", "SELECT", "users"),
        ("select (select max(a) from inner_one) x from outer_one", "SELECT", "outer_one"),
        ("SELECT a FROM (SELECT a FROM deep) AS d", "SELECT", "deep"),
        ('SELECT "from" FROM main."odd name" JOIN b', "SELECT", "odd name"),
        ("SELECT 'it''s from nowhere'", "SELECT", ""),
        ("-- about FROM\n/* INSERT INTO x */ DELETE FROM t", "DELETE", "t"),
        ("INSERT OR REPLACE INTO [t] (a) VALUES (1)", "INSERT", "t"),
        ("replace into t values (1)", "REPLACE", "t"),
        ("UPDATE OR IGNORE `t` SET a = 1", "UPDATE", "t"),
        ("WITH a AS (SELECT 1 FROM b), c(x) AS (SELECT 2) INSERT INTO d SELECT 3", "INSERT", "d"),
        ("WITH RECURSIVE n(x) AS (VALUES(1)) SELECT x FROM n", "SELECT", "n"),
        ("CREATE TABLE IF NOT EXISTS s.t (a)", "CREATE", "t"),
        ("CREATE UNIQUE INDEX i ON t (a)", "CREATE", "t"),
        ("DROP INDEX IF EXISTS i", "DROP", "i"),
        ("ALTER TABLE t ADD COLUMN a", "ALTER", "t"),
        ("BEGIN IMMEDIATE", "BEGIN", ""),
        ("PRAGMA journal_mode=WAL", "PRAGMA", ""),
        ("  -- nothing", "", ""),
        ("", "", ""),
    ],
)
def test_what_it_does(sql: str, verb: str, table: str) -> None:
    assert statement(sql) == Statement(verb, table)


def test_counts_are_asked_by_verb_and_table() -> None:
    counted = Statements()
    counted.add(Statement("SELECT", "t"), 3)
    counted.add(Statement("SELECT", "u"))
    counted.add(Statement("COMMIT", ""))
    assert counted.total == 5
    assert counted.of("SELECT") == 4
    assert counted.of("SELECT", "COMMIT") == 5
    assert counted.of("SELECT", table="t") == 3
    assert counted.of(table="u") == 1
    assert [str(each) for each in counted.counts] == ["COMMIT", "SELECT t", "SELECT u"]
