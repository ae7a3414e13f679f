"""Functions of a file as what runs, matched between two commits."""

from __future__ import annotations

import pytest
from made_sources import FILE, sources

from unladen.explain.code import Key, parse
from unladen.explain.matching import Matching, match, read_constants

CODE = '''
"""About it."""
import os
LIMIT = 3

class Engine:
    """An engine."""
    name: str = "x"

    def run(self, n: int) -> int:
        """Run."""
        def inner():
            return n
        return [inner() for _ in range(LIMIT)][0] + self.size
'''


def matched(before: str, after: str) -> Matching:
    old, new = sources(engine=before), sources(engine=after)
    found = match(old, new, {})
    read_constants(old, new, found)
    return found


def why(before: str, after: str) -> dict[str, str]:
    return {key.name: reason for key, reason in matched(before, after).why.items()}


def test_each_scope_is_a_function() -> None:
    file = parse(FILE, CODE)
    assert set(file.functions) == {"<module>", "Engine", "Engine.run", "Engine.run.<locals>.inner"}
    run = file.functions["Engine.run"]
    assert (run.first, run.last) == (10, 14)
    assert {"LIMIT", "range", ".size"} <= run.reads
    assert file.constants["<module>", "LIMIT"]
    assert file.constants["Engine", "name"]
    assert file.imports == {"os"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"""Run."""', '"""Run it."""'),
        ("n: int", "n: float"),
        ("-> int", "-> float"),
        ("return n", "return n  # the number"),
        ("for _ in range", "for other in range"),
        ("        return [inner()", "\n        return [inner()"),
    ],
)
def test_what_does_not_run_is_no_change(old: str, new: str) -> None:
    assert old in CODE
    assert why(CODE, CODE.replace(old, new)) == {}


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("return n\n", "return n + 1\n", {"Engine.run.<locals>.inner": "changed"}),
        ("range(LIMIT)", "range(4)", {"Engine.run": "changed"}),
        ("def run", "async def run", {"Engine.run": "changed"}),
        ("n: int", "n: int = 0", {"Engine.run": "changed"}),
        (
            "LIMIT = 3",
            "LIMIT = 4",
            {"<module>": "changed", "Engine.run": "reads LIMIT, which changed"},
        ),
        ("class Engine", "class Engine(Base)", {"Engine": "changed"}),
        ("import os", "import os\nNEW = 1", {"<module>": "changed"}),
    ],
)
def test_what_runs_otherwise_is_changed(old: str, new: str, changed: dict[str, str]) -> None:
    assert old in CODE
    assert why(CODE, CODE.replace(old, new)) == changed


@pytest.mark.parametrize(
    ("old", "new", "is_changed"),
    [
        ("def f(a):\n    b = a\n    return b\n", "def f(c):\n    d = c\n    return d\n", False),
        ("def f(a):\n    b = a\n    return b\n", "def f(a):\n    b = a\n    return a\n", True),
        ("def f(a):\n    return x(a)\n", "def f(a):\n    return y(a)\n", True),
        ("def f(a):\n    return a.x\n", "def f(a):\n    return a.y\n", True),
        ("def f():\n    global a\n    a = 1\n", "def f():\n    global b\n    b = 1\n", True),
        ("def f(a):\n    return g(a=a)\n", "def f(b):\n    return g(a=b)\n", False),
        ("a = 1\nprint(a)\n", "b = 1\nprint(b)\n", True),
    ],
)
def test_names_of_local_variables_are_no_change(old: str, new: str, is_changed: bool) -> None:
    assert bool(why(old, new)) is is_changed


def test_a_function_that_moved_is_the_same() -> None:
    body = "    a = 1\n    return a + n\n"
    old = sources(one=f"def f(n):\n{body}", other="x = 1\n")
    new = sources(one="from .other import f\n", other=f"x = 1\ndef f(n):\n{body}")
    found = match(old, new, {})
    assert found.now(Key("sdk/one.py", "f")) == Key("sdk/other.py", "f")
    assert Key("sdk/other.py", "f") not in found.why
    assert not found.is_new
    assert not found.is_gone


def test_a_function_that_was_renamed_and_changed_is_found_by_its_statements() -> None:
    old = "def first(n):\n    a = n\n    b = a + 1\n    c = b + 1\n    return c\n"
    new = "def second(n):\n    a = n\n    b = a + 2\n    c = b + 1\n    return c\n"
    assert why(old, new) == {"second": "was first"}


def test_a_file_that_was_renamed_keeps_its_functions() -> None:
    old, new = sources(a="def f():\n    return 1\n"), sources(b="def f():\n    return 2\n")
    found = match(old, new, {"sdk/a.py": "sdk/b.py"})
    assert found.why == {Key("sdk/b.py", "f"): "changed"}
    assert found.now(Key("sdk/a.py", "f")) == Key("sdk/b.py", "f")


def test_what_is_new_and_what_is_gone() -> None:
    assert why("def f():\n    return 1\n", "def g():\n    return print(2)\n") == {
        "f": "removed",
        "g": "new",
    }


def test_what_is_no_python_has_lines_only() -> None:
    file = parse(FILE, "def f(:\n")
    assert file.functions == {}
    assert file.lines == ["def f(:"]
