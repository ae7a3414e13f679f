"""What names mean: branches before tags, the default branch, a mirror that follows its origin."""

from __future__ import annotations

from pathlib import Path

import pytest
from asv.repo import NoSuchNameError
from made_conf import made_project
from made_repository import Made, git, make_repository
from made_repository import Repository as MadeRepository

from unladen.errors import UserError
from unladen.history.lines import lines_of
from unladen.history.ranges import chosen_commits
from unladen.repo.repository import Repository

LINE = [
    Made(name, (parent,) if parent else (), {"lib": name})
    for parent, name in [("", "one"), ("one", "two"), ("two", "three"), ("one", "aside")]
]


@pytest.fixture
def made(tmp_path: Path) -> MadeRepository:
    return make_repository(tmp_path / "made", LINE, {"main": "three"})


def refusal(call: object) -> str:
    with pytest.raises(UserError) as caught:
        call()  # type: ignore[operator]
    assert "\n" not in str(caught.value)
    return str(caught.value)


def branches(repository: Repository, *named: str) -> list[str]:
    lines = lines_of(made_project(*named), repository)
    return [f"{line.branch} {line.commits[-1].subject}" for line in lines]


@pytest.mark.slow
def test_a_tag_that_is_called_like_a_branch_is_not_the_branch(made: MadeRepository) -> None:
    git(made.folder, "tag", "main", made.hashes["one"])
    repository = Repository(str(made.folder), "tiny")
    assert branches(repository, "main") == ["main three"]
    assert repository.get_hash_from_name("main") == made.hashes["three"]
    assert repository.get_hash_from_name("main~1") == made.hashes["two"]
    assert repository.get_hash_from_name("tags/main") == made.hashes["one"]
    newest_first = [made.hashes[name] for name in ("three", "two", "one")]
    assert repository.get_branch_commits("main") == newest_first
    for wanted, number in (("main", 3), ("main~2..main", 2), ("-2 main", 2), ("main^!", 1)):
        found = chosen_commits(made_project("main"), repository, wanted, list)
        assert found == newest_first[:number]


def test_only_a_tag_is_no_branch(made: MadeRepository) -> None:
    git(made.folder, "tag", "v1", made.hashes["one"])
    said = refusal(lambda: branches(Repository(str(made.folder), "tiny"), "v1"))
    assert f"only a tag; to make one of it: git -C {made.folder} branch v1 refs/tags/v1" in said


@pytest.mark.slow
@pytest.mark.parametrize("named", [[], [None]])
def test_without_branches_it_is_the_default_one(
    made: MadeRepository, named: list[str | None], tmp_path: Path
) -> None:
    assert branches(Repository(str(made.folder), "tiny"), *named) == ["main three"]
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(made.folder), str(clone))
    git(clone, "checkout", "-q", "-b", "pr", "HEAD~1")
    # What is checked out in a clone is not what its origin calls the default.
    assert branches(Repository(str(clone), "tiny"), *named) == ["main three"]
    git(clone, "branch", "-q", "-D", "main")
    assert branches(Repository(str(clone), "tiny"), *named) == ["main three"]
    git(clone, "remote", "remove", "origin")
    assert branches(Repository(str(clone), "tiny"), *named) == ["pr two"]
    git(clone, "checkout", "-q", "--detach")
    said = refusal(lambda: branches(Repository(str(clone), "tiny"), *named))
    assert 'name one as "branches" in the conf' in said


@pytest.mark.slow
def test_head_is_the_branch_that_is_checked_out(made: MadeRepository, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(made.folder), str(clone))
    repository = Repository(str(clone), "tiny")
    assert branches(repository, "HEAD", "main") == ["main three"]
    git(clone, "checkout", "-q", "--detach", "HEAD~1")
    assert branches(repository, "HEAD") == ["HEAD two"]
    assert branches(repository, "main") == ["main three"]


@pytest.mark.slow
def test_a_branch_that_was_only_fetched_will_do(made: MadeRepository, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(made.folder), str(clone))
    git(clone, "checkout", "-q", "--detach")
    git(clone, "branch", "-q", "-D", "main")
    repository = Repository(str(clone), "tiny")
    assert branches(repository, "main", "origin/main") == ["main three"]
    assert repository.get_hash_from_name("main~1") == made.hashes["two"]
    git(clone, "remote", "remove", "origin")
    said = refusal(lambda: branches(repository, "main"))
    assert f"HEAD is detached; to make one of it: git -C {clone} branch main" in said


@pytest.mark.slow
def test_a_branch_that_is_not_there_is_refused_and_others_named(made: MadeRepository) -> None:
    repository = Repository(str(made.folder), "tiny")
    said = refusal(lambda: branches(repository, "main", "release"))
    assert said == "there is no branch release in the repository; there is main"
    with pytest.raises(NoSuchNameError):
        repository.get_hash_from_name("release")


@pytest.mark.slow
def test_an_empty_repository(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "empty")
    repository = Repository(str(tmp_path / "empty"), "tiny")
    for named in ("main", "HEAD", None):
        refusal(lambda named=named: branches(repository, named))


def test_tags_are_commits_whether_on_a_branch_or_not(made: MadeRepository) -> None:
    git(made.folder, "tag", "v1", made.hashes["one"])
    git(made.folder, "tag", "-a", "-m", "x", "v2", made.hashes["aside"])
    git(made.folder, "tag", "-a", "-m", "x", "v3", "v2")
    git(made.folder, "tag", "latest", made.hashes["one"])
    git(made.folder, "tag", "a-tree", f"{made.hashes['one']}^{{tree}}")
    git(made.folder, "tag", "a-file", f"{made.hashes['one']}:lib")
    repository = Repository(str(made.folder), "tiny")
    tags = {name: made.named(found)[0] for name, found in repository.get_tags().items()}
    assert tags == {"v1": "one", "latest": "one", "v2": "aside", "v3": "aside"}
    found = chosen_commits(made_project("main"), repository, "TAGS", list)
    assert sorted(made.named(*found)) == ["aside", "one"]


def test_without_tags(made: MadeRepository) -> None:
    assert Repository(str(made.folder), "tiny").get_tags() == {}


@pytest.mark.slow
def test_a_mirror_follows_the_head_of_its_origin(
    made: MadeRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    url = made.folder.as_uri()
    assert branches(Repository(url, "renamed"), "HEAD") == ["main three"]
    git(made.folder, "branch", "-m", "main", "trunk")
    git(made.folder, "update-ref", "refs/heads/trunk", made.hashes["aside"])
    again = Repository(url, "renamed")
    again.pull()
    for named in ("HEAD", None):
        assert branches(again, named) == ["trunk aside"]
    assert refusal(lambda: branches(again, "main")).endswith("; there is trunk")
    git(made.folder, "update-ref", "--no-deref", "HEAD", made.hashes["two"])
    Repository._fetched.clear()
    detached = Repository(url, "renamed")
    detached.pull()
    assert branches(detached, "HEAD") == ["HEAD two"]
