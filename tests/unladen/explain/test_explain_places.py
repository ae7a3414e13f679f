"""Where a cause is to be seen, and its web address."""

from __future__ import annotations

import pytest
from tiny_project import empty_history, git

from unladen.explain.code import Key
from unladen.explain.foremost import Foremost
from unladen.explain.places import SourcePlace, address, source_place
from unladen.explain.run import CommitPair, pair_of
from unladen.repo.commits import commit_called
from unladen.repo.repository import Repository

OLD = """\
def stays():
    return 1


def goes():
    one()
    two()


def loses():
    first()
    second()
"""
NEW = """\
# A line more.
def stays():
    return 1


def loses():
    first()
"""


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> CommitPair:
    history = empty_history(tmp_path_factory.mktemp("places") / "clone")
    body = "\n".join(f"line_{n} = {n}" for n in range(20))
    files = {"src/sdk/a.py": OLD, "src/sdk/was.py": f"def f():\n    x()\n{body}\n"}
    history.commit("first", {**files, "src/sdk/gone.py": "def g():\n    y()\n"}, 1)
    git(history.folder, "mv", "src/sdk/was.py", "src/sdk/now.py")
    git(history.folder, "rm", "--quiet", "src/sdk/gone.py")
    moved = {"src/sdk/a.py": NEW, "src/sdk/now.py": f"def f():\n    z()\n{body}\n"}
    history.commit("second", moved, 2)
    repository = Repository(str(history.folder), "sdk")
    before, after = (commit_called(repository, name) for name in ("HEAD^", "HEAD"))
    return pair_of(repository, before, after, ["src"])


@pytest.mark.parametrize(
    ("file", "function", "line", "text", "side", "path", "shown"),
    [
        ("a.py", "stays", 3, "return 1", "after", "a.py", 3),
        ("a.py", "goes", 7, "two()", "before", "a.py", 7),
        ("a.py", "loses", 12, "second()", "before", "a.py", 12),
        ("a.py", "loses", 0, "", "after", "a.py", 6),
        ("a.py", "goes", 0, "", "before", "a.py", 5),
        ("now.py", "f", 2, "z()", "after", "now.py", 2),
        ("now.py", "f", 2, "x()", "before", "was.py", 2),
        ("gone.py", "g", 2, "y()", "before", "gone.py", 2),
        ("a.py", "unknown", 0, "", "after", "a.py", 0),
    ],
)
def test_a_line_is_where_its_text_stands(
    pair: CommitPair,
    file: str,
    function: str,
    line: int,
    text: str,
    side: str,
    path: str,
    shown: int,
) -> None:
    one = Foremost(Key(f"sdk/{file}", function), "+1 bytecodes", "", line, text, text)
    commit = pair.after if side == "after" else pair.before
    assert source_place(one, pair) == SourcePlace(commit.hash, f"src/sdk/{path}", shown)


def test_what_is_in_no_file_is_nowhere(pair: CommitPair) -> None:
    one = Foremost(Key("elsewhere.py", "f"), "+1 bytecodes", "", 1, "x", "x")
    assert source_place(one, pair) is None


PLACE = SourcePlace("c0ffee", "src/a b(1)|`.py", 7)
PATH = "src/a%20b%281%29%7C%60.py"


@pytest.mark.parametrize(
    ("commit_url", "expected"),
    [
        ("https://github.com/o/r/commit/", f"https://github.com/o/r/blob/c0ffee/{PATH}#L7"),
        ("https://gitlab.com/g/s/r/-/commit/", f"https://gitlab.com/g/s/r/-/blob/c0ffee/{PATH}#L7"),
        (
            "https://codeberg.org/o/r/commit/",
            f"https://codeberg.org/o/r/src/commit/c0ffee/{PATH}#L7",
        ),
        ("https://git.sr.ht/~u/r/commit/", f"https://git.sr.ht/~u/r/tree/c0ffee/item/{PATH}#L7"),
        (
            "https://bitbucket.org/o/r/commits/",
            f"https://bitbucket.org/o/r/src/c0ffee/{PATH}#lines-7",
        ),
        ("https://pypi.org/project/sdk/{name}/", ""),
        ("#", ""),
        ("", ""),
        ("javascript:alert(1)/commit/", ""),
        ("https://example.org/) [x](https://evil.example/commit/", ""),
    ],
)
def test_the_address_is_that_of_the_forge(commit_url: str, expected: str) -> None:
    assert address(PLACE, commit_url) == expected


def test_a_file_without_a_line_has_an_address_too() -> None:
    whole = SourcePlace("c0ffee", "a.py", 0)
    assert address(whole, "https://github.com/o/r/commit/").endswith("/blob/c0ffee/a.py")
