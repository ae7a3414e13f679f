"""Bytecodes function by function: own work, work of libraries on somebody's account."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from meters import bytecodes
from meters.functions import Function, Profile, profile

SDK = """
import json
import harness


def run(count):
    total = 0
    for number in range(count):
        total += helper(number)
    listing = [number * 2 for number in range(count)]
    return total, json.dumps({"all": listing}, indent=1), sum(n for n in listing)


def helper(number):
    if number > 1:
        return number + 1
    return number


class Engine:
    def call(self):
        return harness.model(quiet)


def quiet():
    return 3
"""
HARNESS = """
import textwrap


def model(back):
    return textwrap.dedent("  a" * 20) * back()
"""


@pytest.fixture
def sdk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A module of an SDK, which calls one of a harness that calls it back."""
    for name, text in (("harness", HARNESS), ("sdk", SDK)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / f"{name}.py").write_text(text)
        spec = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, name, module)
        spec.loader.exec_module(module)
    return sys.modules["sdk"]


def measured(sdk: ModuleType, tmp_path: Path, run: str = "run") -> Profile[object]:
    def call() -> object:
        return sdk.Engine().call() if run == "call" else sdk.run(20)

    call()  # lazy imports and caches
    return profile(call, inside=[str(tmp_path / "sdk")], harness=[str(tmp_path / "harness")])


def by_name(found: Profile[object]) -> dict[str, Function]:
    return {function.name: function for function in found.functions}


def test_own_bytecodes_add_up_to_those_of_the_other_meter(sdk: ModuleType, tmp_path: Path) -> None:
    found = measured(sdk, tmp_path)
    counted = bytecodes.count(lambda: sdk.run(20), inside=[str(tmp_path / "sdk")])
    assert found.own == counted.inside > 0
    assert found.result == counted.result


def test_each_function_has_its_place(sdk: ModuleType, tmp_path: Path) -> None:
    functions = by_name(measured(sdk, tmp_path))
    assert functions["run"].line == SDK.splitlines().index("def run(count):") + 1
    helper = functions["helper"]
    assert SDK.splitlines()[helper.hottest_line - 1].strip() in {
        *("if number > 1:", "return number + 1")
    }
    assert helper.file.endswith("sdk.py")
    assert helper.libraries == 0


def test_comprehensions_belong_to_the_function_they_are_written_in(
    sdk: ModuleType, tmp_path: Path
) -> None:
    assert {"run", "helper"} == set(by_name(measured(sdk, tmp_path)))


def test_library_code_counts_for_its_nearest_caller(sdk: ModuleType, tmp_path: Path) -> None:
    run = by_name(measured(sdk, tmp_path))["run"]
    listing = [number * 2 for number in range(20)]
    alone = bytecodes.count(lambda: json.dumps({"all": listing}, indent=1))
    # ``count`` sees its own lambda, too.
    assert 0 < run.libraries <= alone.total
    assert run.libraries > alone.total - 20
    assert run.caused == run.own + run.libraries


def test_what_the_harness_calls_counts_for_nobody(sdk: ModuleType, tmp_path: Path) -> None:
    functions = by_name(measured(sdk, tmp_path, "call"))
    assert functions["Engine.call"].libraries == 0
    assert functions["quiet"].own > 0


def test_it_repeats_and_leaves_no_tracer(sdk: ModuleType, tmp_path: Path) -> None:
    before = sys.gettrace()
    first, second = measured(sdk, tmp_path), measured(sdk, tmp_path)
    assert first.functions == second.functions
    assert sys.gettrace() is before


def test_an_error_is_raised_and_leaves_no_tracer(tmp_path: Path) -> None:
    def fails() -> None:
        raise KeyError("no")

    before = sys.gettrace()
    with pytest.raises(KeyError):
        profile(fails, inside=[str(tmp_path)])
    assert sys.gettrace() is before
