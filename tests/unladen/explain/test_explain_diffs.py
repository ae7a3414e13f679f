"""What git says of two commits, by the names that a process gives to files."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from tiny_project import empty_history

from unladen.explain.code import Key
from unladen.explain.run import CommitPair, pair_of
from unladen.repo.commits import commit_called
from unladen.repo.repository import Repository

OLD = "def f(n):\n    return n\n\n\ndef g():\n    return 1\n"
NEW = "def f(n):\n    m = n\n    return m\n\n\ndef g():\n    return 1\n"
LONG = "".join(f"x{n} = {n}\n" for n in range(30))


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> CommitPair:
    folder = tmp_path_factory.mktemp("diffs")
    history = empty_history(folder / "clone")
    files = {
        "src/sdk/a.py": OLD,
        "src/sdk/old_name.py": LONG,
        "src/sdk/gone.py": "x = 1\n",
        "docs/text.md": "a\n",
        "tests/test_a.py": "",
    }
    history.commit("first", files, 1)
    for path in ("src/sdk/gone.py", "src/sdk/old_name.py"):
        (history.folder / path).unlink()
    files = {
        "src/sdk/a.py": NEW,
        "src/sdk/new_name.py": LONG + "def h():\n    return x3\n",
        "src/sdk/später.py": "y = 2\n",
        "docs/text.md": "--- a/src/sdk/b.py\n",
    }
    history.commit("second", files, 2)
    repository = Repository(str(history.folder), "sdk")
    before, after = (commit_called(repository, name) for name in ("HEAD^", "HEAD"))
    return pair_of(repository, before, after, ["src"])


def test_files_are_called_as_their_process_calls_them(pair: CommitPair) -> None:
    touched = pair.touched
    assert set(touched.before) == {"sdk/a.py", "sdk/old_name.py", "sdk/gone.py"}
    assert set(touched.after) == {"sdk/a.py", "sdk/new_name.py", "sdk/später.py"}
    assert touched.renamed == {"sdk/old_name.py": "sdk/new_name.py"}
    assert pair.new.paths["tests/test_a.py"] == "tests/test_a.py"


def test_lines_and_hunks(pair: CommitPair) -> None:
    assert pair.old.line("sdk/a.py", 2) == "return n"
    assert pair.new.line("sdk/a.py", 2) == "m = n"
    assert pair.new.line("sdk/a.py", 99) == pair.new.line("sdk/nowhere.py", 1) == ""
    hunk = pair.touched.hunk("sdk/a.py", range(1, 4))
    assert str(hunk) == "-2,1 +2,2"
    assert pair.touched.hunk("sdk/a.py", range(6, 8)) is None


def test_functions_are_matched_over_the_whole_commit(pair: CommitPair) -> None:
    assert pair.matching().why == {
        Key("sdk/a.py", "f"): "changed",
        Key("sdk/new_name.py", "h"): "new",
        Key("sdk/gone.py", "<module>"): "removed",
        Key("sdk/später.py", "<module>"): "new",
    }


def test_a_file_that_is_gone_has_no_source(pair: CommitPair) -> None:
    assert pair.new.source("sdk/gone.py") is None
    assert pair.old.source("sdk/gone.py") is not None


def test_the_folder_is_the_clone(pair: CommitPair) -> None:
    assert Path(pair.new.paths["sdk/a.py"]) == Path("src/sdk/a.py")


def test_what_is_no_python_may_be_lacking_in_the_clone(tmp_path: Path) -> None:
    history = empty_history(tmp_path / "clone")
    history.commit("first", {"src/sdk/a.py": OLD}, 1)
    history.commit("second", {"src/sdk/a.py": NEW, "picture.png": "large"}, 2)
    name = ("git", "-C", str(history.folder), "rev-parse", "HEAD:picture.png")
    blob = subprocess.run(name, capture_output=True, text=True, check=True).stdout.strip()
    (history.folder / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    repository = Repository(str(history.folder), "sdk")
    before, after = (commit_called(repository, one) for one in ("HEAD^", "HEAD"))
    assert pair_of(repository, before, after, ["src"]).touched.after == ["sdk/a.py"]
