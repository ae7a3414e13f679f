"""The capabilities that an endpoint speaks for."""

from __future__ import annotations

from mocks.openai.dialect import dialects


def test_one_of_all_is_spoken_where_none_is_named() -> None:
    spoken = dialects()
    assert len(spoken) > 1
    assert sum(dialect.is_usual for dialect in spoken.values()) == 1


def test_each_has_a_scenario_to_begin_with() -> None:
    assert all(dialect.scenarios for dialect in dialects().values())
