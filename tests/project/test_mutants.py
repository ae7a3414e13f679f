"""``make mutants``: what it changes, and that its lists are of this code."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "mutants"))

import run as mutants  # noqa: E402
from mutations import mutants_of  # noqa: E402

pytestmark = pytest.mark.slow


def changed(code: str) -> set[str]:
    return {one.after for one in mutants_of(code)}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("a < b", {"a <= b", "a >= b"}),
        ("x is None", {"x is not None"}),
        ("a - b", {"a + b"}),
        ("a and b", {"((a) or (b))", "(a)", "(b)"}),
        ("not a", {"(a)"}),
        ("f(3)", {"f(4)", "f(2)", "pass"}),
        ("f(True)", {"f(False)", "pass"}),
        ("min(a, b)", {"max(a, b)", "pass"}),
        ("a if b else c", {"c if b else a"}),
        ("if a: b = c", {"if not (a): b = c"}),
        ("def f(): return a", {"def f(): return None"}),
        ("def f(): return False", {"def f(): return True"}),
        ("for a in b: break", {"for a in b: continue"}),
        ("total += a", {"pass"}),
    ],
)
def test_each_kind_of_change(code: str, expected: set[str]) -> None:
    assert changed(code) == expected


@pytest.mark.parametrize(
    "code",
    [
        '"""Text."""',
        "a = b",
        "a: Literal[1] = b",
        "assert a < 1",
        "raise ValueError(1)",
        'a = f"{b + 1}"',
        "def f(): return None",
        "def f() -> None: return",
    ],
)
def test_what_is_left_alone(code: str) -> None:
    assert changed(code) == set()


def test_a_mutant_says_where_it_is_and_leaves_all_else() -> None:
    code = 'class C:\n    """é"""\n\n    def f(self):\n        g("é", a <\n          b)\n'
    (one,) = [one for one in mutants_of(code) if ">=" in one.after]
    assert (one.line, one.function, one.before) == (5, "C.f", 'g("é", a < b)')
    assert one.code == code.replace("a <\n          b", "a >= b")


def test_the_choice_is_the_same_for_a_seed() -> None:
    modules = dict(list(mutants.read_modules().items())[:3])
    first, again, other = (mutants.choose(modules, 3, seed) for seed in (1, 1, 2))
    assert first == again
    assert first != other
    assert len(first) == 9


def test_the_modules_and_their_tests_are_there() -> None:
    modules = mutants.read_modules()
    assert len(modules) == 16
    for name, tests in modules.items():
        assert [path for path in (name, *tests) if not (ROOT / path).is_file()] == []


def test_the_equivalent_mutants_are_mutants_of_this_code() -> None:
    known = mutants.read_equivalent()
    modules = {one.module: () for one in known}
    planned = mutants.choose(modules, sys.maxsize, 1)
    assert [one for one in known if not any(one.is_of(each) for each in planned)] == []
