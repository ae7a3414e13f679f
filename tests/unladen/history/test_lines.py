"""Which commits are a history, in which order, and what lies between two of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from made_conf import made_project
from made_repository import Made, git, make_repository
from made_repository import Repository as MadeRepository

from unladen.errors import UserError
from unladen.history.lines import (
    brought_by,
    commits_between,
    held,
    line_of,
    line_to,
    line_with,
    lines_of,
    newest_first,
    oldest_first,
    select,
)
from unladen.history.ranges import chosen_commits
from unladen.project.project import Project
from unladen.repo.commits import commit_called, merge_bases, same_code
from unladen.repo.repository import Repository

FILE = "lib/tiny"


def value(number: int) -> dict[str, str]:
    return {FILE: str(number)}


MERGES = [
    Made("A", (), {**value(10), "docs": ""}, 5),
    Made("a1", ("A",), value(10), 6),
    Made("a2", ("a1",), {"lib/tiny.2": "x", FILE: "11"}, 7),
    Made("docs", ("A",), {"docs": "words"}, 4),
    Made("M1", ("docs", "a2"), value(11), 2),
    Made("b1", ("A",), {"docs": "b"}, 1),
    Made("M2", ("M1", "b1"), {"docs": "b"}, 9),
    Made("c1", ("A",), value(20), 3),
    Made("M3", ("M2", "c1"), value(31), 0),
    Made("r1", ("M1",), value(40), 8),
    Made("r2", ("r1", "M2"), {"docs": "b"}, 3),
    Made("r3", ("r2",), value(41), 1),
    Made("p1", ("M2",), value(50), 2),
]
"""A history whose dates say nothing. On ``main``: A, docs (out of scope), M1, M2 (out of scope),
M3. ``pr`` was cut at M2; ``release`` at M1, and it got M2 by a merge that changes nothing in
scope."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> MadeRepository:
    folder = tmp_path_factory.mktemp("lines") / "repository"
    return make_repository(folder, MERGES, {"main": "M3", "release": "r3", "pr": "p1"})


@pytest.fixture
def repository(made: MadeRepository) -> Repository:
    return Repository(str(made.folder), "tiny")


def conf(*branches: str, paths: list[str] | None = None) -> Project:
    return made_project(*branches, paths=("lib",) if paths is None else tuple(paths))


def names(line: Any) -> list[str]:
    return [commit.subject for commit in line]


def refusal(call: Any) -> str:
    with pytest.raises(UserError) as caught:
        call()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_merges_stand_on_the_line_and_side_commits_do_not(repository: Repository) -> None:
    line = line_of(conf("main"), repository)
    assert names(line.commits) == ["A", "docs", "M1", "M2", "M3"]
    assert names(line.scope()) == ["A", "M1", "M3"]


def test_what_is_measured_is_shown_even_out_of_scope(
    repository: Repository, made: MadeRepository
) -> None:
    line = line_of(conf("main"), repository)
    measured = {made.hashes["docs"][:8], made.hashes["M2"], made.hashes["a1"]}
    assert names(line.scope(measured)) == ["A", "docs", "M1", "M2", "M3"]


def test_without_paths_all_commits_are_in_scope(repository: Repository) -> None:
    line = line_of(conf("main", paths=[]), repository)
    assert names(line.scope()) == ["A", "docs", "M1", "M2", "M3"]


@pytest.mark.slow
def test_each_branch_is_a_line_of_its_own(repository: Repository) -> None:
    main, release = lines_of(conf("main", "release", "main"), repository)
    assert [main.branch, release.branch] == ["main", "release"]
    assert names(release.commits) == ["A", "docs", "M1", "r1", "r2", "r3"]
    assert names(newest_first([main, release])) == ["M3", "M1", "A", "r3", "r1"]
    assert names(oldest_first([main, release])) == ["A", "M1", "M3", "r1", "r3"]


@pytest.mark.slow
def test_a_range_is_on_the_line_of_its_end(repository: Repository) -> None:
    both = conf("main", "release")
    for wanted, branch, expected in (
        ("main..release", "release", ["r1", "r3"]),
        ("release..main", "main", ["M3"]),
        ("main~2..main", "main", ["M3"]),
        ("main~4..main", "main", ["M1", "M3"]),
        ("main~2~2..release", "release", ["M1", "r1", "r3"]),
        ("main..pr", "pr", ["p1"]),
    ):
        line = line_with(both, repository, wanted)
        assert line.branch == branch
        selected = select(repository, line, wanted, line.scope())
        assert names(c for c in line.scope() if c.hash in selected) == expected
        assert names(commits_between(both, repository, *wanted.split("..")).scope()) == expected


@pytest.mark.slow
def test_a_range_ends_on_the_first_branch_that_holds_its_end(
    repository: Repository, made: MadeRepository
) -> None:
    both = conf("main", "release")
    assert line_with(both, repository, made.hashes["M1"]).branch == "main"
    assert line_with(both, repository, made.hashes["r1"]).branch == "release"
    assert line_with(both, repository, made.hashes["M1"], "release").branch == "release"


@pytest.mark.slow
def test_a_range_from_a_commit_off_the_line_begins_where_it_was_merged(
    repository: Repository, made: MadeRepository
) -> None:
    line = line_of(conf("main"), repository)
    assert held(repository, line, made.hashes["r3"]) == 4
    assert held(repository, line, made.hashes["a2"]) == 1
    selected = select(repository, line, f"{made.hashes['a2']}..main", line.scope())
    assert sorted(made.named(*selected)) == ["M1", "M3"]


@pytest.mark.slow
def test_a_side_commit_is_no_commit_of_the_line_and_its_merge_is_named(
    repository: Repository, made: MadeRepository
) -> None:
    line = line_of(conf("main"), repository)
    merge = brought_by(repository, line, made.hashes["a1"])
    assert merge is not None
    assert merge.subject == "M1"
    said = refusal(lambda: select(repository, line, made.hashes["a1"], line.scope()))
    assert f"it came to it with {made.hashes['M1'][:8]}" in said
    said = refusal(lambda: select(repository, line, "release", line.scope()))
    assert "to see another branch: --branch release" in said
    said = refusal(lambda: select(repository, line, made.hashes["docs"], line.scope()))
    assert "changes nothing in scope, and is not measured" in said


@pytest.mark.slow
@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("main..main~2", "main is later than main~2: turn the range round"),
        ("main..main", "no commit lies after main up to main"),
        ("nowhere..main", "no such commit, branch or tag: nowhere"),
        ("main...release", "no such commit, branch or tag: .release"),
    ],
)
def test_an_empty_or_unknown_range_is_refused(
    repository: Repository, wanted: str, said: str
) -> None:
    def selected() -> None:
        line = line_with(conf("main"), repository, wanted)
        select(repository, line, wanted, line.scope())

    assert said in refusal(selected)


# What `run` chooses.


def chosen(
    repository: Repository, made: MadeRepository, wanted: str | None, *measured: str
) -> list[str]:
    stored = [made.hashes[name] for name in measured]
    both = conf("main", "release")
    return made.named(*chosen_commits(both, repository, wanted, lambda: stored))


@pytest.mark.slow
def test_run_measures_the_lines_of_all_branches(
    repository: Repository, made: MadeRepository
) -> None:
    for wanted in (None, "ALL"):
        assert chosen(repository, made, wanted) == ["M3", "M1", "A", "r3", "r1"]


@pytest.mark.slow
def test_new_are_those_after_the_newest_measured_one_of_each_line(
    repository: Repository, made: MadeRepository
) -> None:
    assert chosen(repository, made, "NEW", "A") == ["M3", "M1", "r3", "r1"]
    assert chosen(repository, made, "NEW", "M1", "r1") == ["M3", "r3"]
    assert chosen(repository, made, "NEW", "M3", "r3") == []


@pytest.mark.rotated
@pytest.mark.slow
@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("main~4..main", ["M3", "M1"]),
        ("main..release", ["r3", "r1"]),
        ("main..pr", ["p1"]),
        ("..release", ["r3", "r1"]),
        ("pr", ["p1", "M1", "A"]),
        ("main~2", ["M1", "A"]),
        ("HEAD", ["M3"]),
        ("pr^!", ["p1"]),
        ("main~3^!", ["docs"]),
        ("-2 main", ["M3", "M2"]),
        ("main...pr", ["M3", "p1"]),
    ],
)
def test_what_a_range_of_run_names(
    repository: Repository, made: MadeRepository, wanted: str, expected: list[str]
) -> None:
    assert sorted(chosen(repository, made, wanted)) == sorted(expected)


def test_a_side_commit_that_is_named_is_measured(
    repository: Repository, made: MadeRepository
) -> None:
    assert chosen(repository, made, f"{made.hashes['a1']}^!") == ["a1"]


def test_existing_are_those_that_the_repository_has(
    repository: Repository, made: MadeRepository
) -> None:
    stored = [made.hashes["a1"], "0" * 40]
    found = chosen_commits(conf("main"), repository, "EXISTING", lambda: stored)
    assert made.named(*found) == ["a1"]


@pytest.mark.parametrize("wrong", ["nowhere", "nowhere..main", "--output=x", "'", "a b", "^"])
def test_what_git_does_not_know_is_refused_in_one_line(
    repository: Repository, made: MadeRepository, wrong: str
) -> None:
    refusal(lambda: chosen(repository, made, wrong))


# How two commits are related.


def test_what_two_commits_have_in_common(repository: Repository, made: MadeRepository) -> None:
    def of(one: str, other: str) -> list[str]:
        return made.named(*merge_bases(repository, made.hashes[one], made.hashes[other]))

    assert of("M3", "r3") == ["M2"]
    assert of("c1", "M2") == ["A"]


def test_whether_two_commits_hold_the_same_code(
    repository: Repository, made: MadeRepository
) -> None:
    one, other = made.hashes["M1"], made.hashes["M2"]
    assert same_code(repository, one, other, ["lib"])
    assert not same_code(repository, one, other, [])
    assert same_code(repository, one, one, [])


@pytest.mark.slow
def test_a_shallow_clone_says_how_to_deepen_it(made: MadeRepository, tmp_path: Path) -> None:
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth", "2", made.folder.as_uri(), str(shallow))
    repository = Repository(str(shallow), "tiny")
    assert commit_called(repository, "main").subject == "M3"
    said = refusal(lambda: commit_called(repository, "main~3"))
    assert f"git -C {shallow} fetch --unshallow" in said
    assert names(line_to(conf("main"), repository, "main").commits) == ["M2", "M3"]
