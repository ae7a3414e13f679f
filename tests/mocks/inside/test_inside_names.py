"""Names of modules are found by what they mean, whether they were looked through before or not."""

from __future__ import annotations

import os
import sys
from types import ModuleType, SimpleNamespace

import pytest

from mocks.inside import names
from mocks.inside.names import meaning


def sought() -> None:
    """What is looked for."""


def other() -> None:
    """What is not."""


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> names._Known:
    found = names._Known()
    monkeypatch.setattr(names, "_known", found)
    return found


def _module(patch: pytest.MonkeyPatch, name: str, /, **values: object) -> ModuleType:
    module = ModuleType(name)
    vars(module).update(values)
    patch.setitem(sys.modules, name, module)
    return module


def _found(*objects: object) -> set[tuple[str, str]]:
    places = meaning({id(each) for each in objects})
    return {(of["__name__"], name) for of, name in places if of["__name__"] != __name__}


@pytest.mark.parametrize("looks", [False, True])
def test_modules_from_before_and_after_a_look(
    known: names._Known, looks: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _module(monkeypatch, "from_before", one=sought, two=sought, three=other)
    if looks:
        known.look()
    _module(monkeypatch, "from_after", four=sought)
    monkeypatch.setitem(sys.modules, "no_module", SimpleNamespace(five=sought))  # type: ignore[misc]
    assert _found(sought) == {
        ("from_before", "one"),
        ("from_before", "two"),
        ("from_after", "four"),
    }
    vars(before)["one"] = other
    del vars(before)["two"]
    assert _found(sought) == {("from_after", "four")}


def test_only_the_first_look_counts(known: names._Known, monkeypatch: pytest.MonkeyPatch) -> None:
    known.look()
    module = _module(monkeypatch, "from_after", name=other)
    known.look()
    vars(module)["name"] = sought
    assert _found(sought) == {("from_after", "name")}


def test_where_the_latest_module_is_gone_all_are_looked_through(
    known: names._Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        _module(patch, "the_latest", name=other)
        known.look()
    _module(monkeypatch, "from_after", name=sought)
    assert _found(sought) == {("from_after", "name")}


def test_a_process_looks_before_it_forks() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0 if names._known.meaning({id(os.fork)}) else 1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
