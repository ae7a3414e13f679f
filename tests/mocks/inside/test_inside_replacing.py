"""What is put in the place of something else is put back, whatever happens."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace

import pytest

from mocks.inside.replacing import Replacements


class Owner:
    inherited = 1


def test_attributes_are_put_back_or_taken_away_again() -> None:
    put, owner = Replacements(), Owner()
    put.attribute(Owner, "inherited", 2)
    put.attribute(owner, "inherited", 3)
    put.if_there(owner, "missing", 4)
    assert (Owner.inherited, owner.inherited, vars(owner)) == (2, 3, {"inherited": 3})
    put.undo()
    assert (Owner.inherited, owner.inherited, vars(owner)) == (1, 1, {})


def test_names_of_modules_are_bound_anew_and_back(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = object(), object()
    one, other, lazy = ModuleType("one"), ModuleType("other"), SimpleNamespace(value=old)
    vars(one)["value"] = old
    for name, module in (("one", one), ("other", other), ("no module", lazy)):
        monkeypatch.setitem(sys.modules, name, module)  # type: ignore[arg-type]
    put = Replacements()
    put.everywhere(old, new)
    put.rebind()
    assert vars(one)["value"] is new
    assert lazy.value is old
    vars(other)["bound_meanwhile"] = new
    put.undo()
    assert vars(one)["value"] is vars(other)["bound_meanwhile"] is old


def test_all_is_put_back_if_some_of_it_raises() -> None:
    put, owner = Replacements(), SimpleNamespace(first=1, last=1)
    put.attribute(owner, "first", 2)
    put.at_undo(lambda: int("x"))
    put.attribute(owner, "last", 2)
    with pytest.raises(ValueError, match="invalid literal"):
        put.undo()
    assert (owner.first, owner.last) == (1, 1)
    put.undo()
