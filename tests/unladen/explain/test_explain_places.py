"""Where a cause is to be seen."""

from __future__ import annotations

import pytest
from tiny_project import empty_history, git

from unladen.explain.code import Key
from unladen.explain.foremost import Foremost
from unladen.explain.places import source_place
from unladen.explain.run import CommitPair, pair_of
from unladen.repo.commits import commit_called
from unladen.repo.forge import SourcePlace
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
