"""Old names of series, and what became of them."""

from __future__ import annotations

from unladen.text.former_names import former_names, new_names


def test_each_old_name_has_one_new_one() -> None:
    table = new_names()
    assert table
    assert len({*table.values()}) == len(table)
    assert not {*table} & {*table.values()}
    for old, new in table.items():
        assert former_names(new) == (old,)
        assert former_names(old) == ()


def test_the_names_of_a_capability_begin_with_it() -> None:
    for new in new_names().values():
        assert new.count(".") == 3, new
    assert new_names()["scaling.Agents.time_cpu"] == "negotiation.scaling.Agents.time_cpu"
