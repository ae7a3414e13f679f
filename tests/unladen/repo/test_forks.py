"""Where commits off a line come from, and whose the tags of a line are."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_conf import made_project
from tiny_project import History, empty_history, git

from unladen.history.lines import line_of
from unladen.repo.forks import fork_points
from unladen.repo.repository import Repository
from unladen.site.tags import tags_of

CODE = "lib/tiny/code.py"


@pytest.fixture
def history(tmp_path: Path) -> History:
    """``main`` is first, second, words (out of scope), merge, last; ``side`` comes from first, is
    in merge, and ``later`` comes from it; ``release`` and ``patch`` come from words."""
    made = empty_history(tmp_path / "repository")
    made.commit("first", {CODE: "1"}, 1)
    git(made.folder, "checkout", "--quiet", "-b", "away")
    made.commit("side", {"side.txt": "1"}, 2)
    made.commit("later", {"side.txt": "2"}, 3)
    git(made.folder, "checkout", "--quiet", "main")
    made.commit("second", {CODE: "2"}, 4)
    made.commit("words", {"words.md": "1"}, 5)
    git(made.folder, "checkout", "--quiet", "-b", "1.x")
    made.commit("release", {"version": "1.0"}, 6)
    made.commit("patch", {"version": "1.0.1"}, 7)
    git(made.folder, "checkout", "--quiet", "main")
    git(made.folder, "merge", "--quiet", "--no-ff", "--no-edit", made.commits["side"])
    made.commits["merge"] = git(made.folder, "rev-parse", "HEAD")
    made.commit("last", {CODE: "3"}, 8)
    git(made.folder, "checkout", "--quiet", "--orphan", "pages")
    made.commit("unrelated", {"page": "1"}, 9)
    for tag, commit in made.commits.items():
        git(made.folder, "tag", f"at-{tag}", commit)
    return made


@pytest.fixture
def repository(history: History, monkeypatch: pytest.MonkeyPatch) -> Repository:
    monkeypatch.setenv("UNLADEN_REPO_TINY", str(history.folder))
    return Repository("https://example.invalid/tiny.git", "tiny")


def test_a_commit_comes_from_the_last_of_a_line_that_it_holds(
    history: History, repository: Repository
) -> None:
    line = [history.commits[name] for name in ("first", "second", "words", "merge", "last")]
    found = fork_points(repository, history.commits.values(), line)
    assert {name: found.get(commit) for name, commit in history.commits.items()} == {
        "first": 0,
        "side": 0,
        "later": 0,
        "second": 1,
        "words": 2,
        "release": 2,
        "patch": 2,
        "merge": 3,
        "last": 4,
        "unrelated": None,
    }


def test_a_line_may_leave_commits_out(history: History, repository: Repository) -> None:
    line = [history.commits[name] for name in ("second", "last")]
    names = ("later", "release", "merge")
    found = fork_points(repository, [history.commits[name] for name in names], line)
    assert [found.get(history.commits[name]) for name in names] == [None, 0, 0]


def test_tags_are_those_of_the_line_of_what_comes_from_it_and_of_nothing_else(
    repository: Repository,
) -> None:
    line = line_of(made_project("main"), repository)
    found = tags_of(repository, repository.get_tags(), line, line.commits)
    assert list(found.own) == [
        ("at-first", 0),
        ("at-second", 1),
        ("at-words", 2),
        ("at-merge", 3),
        ("at-last", 4),
    ]
    assert list(found.forks) == [
        ("at-later", 0),
        ("at-side", 0),
        ("at-patch", 2),
        ("at-release", 2),
    ]


def test_a_tag_of_a_commit_out_of_scope_is_that_of_the_last_one_in_scope(
    repository: Repository,
) -> None:
    line = line_of(made_project("main", paths=("lib/tiny",)), repository)
    commits = line.scope()
    assert [commit.subject for commit in commits] == ["first", "second", "last"]
    found = tags_of(repository, repository.get_tags(), line, commits)
    assert list(found.own) == [
        ("at-first", 0),
        ("at-merge", 1),
        ("at-second", 1),
        ("at-words", 1),
        ("at-last", 2),
    ]
    assert dict(found.forks) == {"at-later": 0, "at-side": 0, "at-patch": 1, "at-release": 1}


def test_a_commit_called_by_its_tag_is_not_tagged_besides(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNLADEN_REPO_TINY", str(history.folder))
    repository = Repository("https://example.invalid/tiny.git", "tiny", named_by_tags=True)
    line = line_of(made_project("main", paths=("lib/tiny",)), repository)
    found = tags_of(repository, repository.get_tags(), line, line.scope())
    assert list(found.own) == [("at-merge", 1), ("at-words", 1)]


def test_what_a_tag_is_called_is_made_printable(history: History, repository: Repository) -> None:
    git(history.folder, "tag", "odd\u202e", history.commits["last"])
    line = line_of(made_project("main"), repository)
    assert ("odd\ufffd", 4) in tags_of(repository, repository.get_tags(), line, line.commits).own
