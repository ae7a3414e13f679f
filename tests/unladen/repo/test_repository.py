from __future__ import annotations

from pathlib import Path

import pytest
from asv import util
from asv.config import Config
from asv.plugins.git import Git
from asv.repo import get_repo
from made_conf import made_project
from tiny_project import History, empty_history, git

from unladen.errors import UserError
from unladen.history.lines import lines_of, newest_first
from unladen.repo.checkout import check_out
from unladen.repo.patches.series import provide
from unladen.repo.repository import Repository, repository_variable

URL = "https://example.invalid/tiny.git"


@pytest.fixture
def repository(history: History, monkeypatch: pytest.MonkeyPatch) -> Repository:
    monkeypatch.setenv("UNLADEN_REPO_TINY", str(history.folder))
    return Repository(URL, "tiny")


def refusal(url: str, project: str = "tiny") -> str:
    with pytest.raises(UserError) as caught:
        Repository(url, project)
    message = str(caught.value)
    assert "\n" not in message
    return message


def in_scope(repository: Repository, *paths: str) -> list[str]:
    """The hashes in scope of ``main``, newest first."""
    lines = lines_of(made_project("main", paths=paths), repository)
    return [commit.hash for commit in newest_first(lines)]


def test_the_scope_is_what_git_log_says_newest_first(
    repository: Repository, history: History
) -> None:
    expected = [history.commits[name] for name in ("good", "raising", "unimportable", "first")]
    assert in_scope(repository, "lib/tiny") == expected


def test_a_bare_clone_will_do(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = tmp_path / "bare"
    git(tmp_path, "clone", "--quiet", "--bare", "--shared", str(history.folder), str(bare))
    monkeypatch.setenv("UNLADEN_REPO_TINY", str(bare))
    assert len(in_scope(Repository(URL, "tiny"), "lib/tiny")) == 4


@pytest.mark.slow
@pytest.mark.parametrize("by_conf", [False, True])
def test_a_users_own_clone_is_read_as_it_is_and_nothing_is_fetched_into_it(
    by_conf: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upstream = empty_history(tmp_path / "upstream")
    known = upstream.commit("first", {"a": "1"}, 1)
    own = tmp_path / "own"
    git(tmp_path, "clone", "--quiet", str(upstream.folder), str(own))
    upstream.commit("later", {"a": "2"}, 2)
    if not by_conf:
        monkeypatch.setenv("UNLADEN_REPO_TINY", str(own))
    repository = Repository(str(own) if by_conf else URL, "tiny")
    before = {file: file.read_bytes() for file in own.rglob("*") if file.is_file()}
    repository.pull()
    assert {file: file.read_bytes() for file in own.rglob("*") if file.is_file()} == before
    assert repository.get_hash_from_name("origin/main") == known


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("{tmp}/nowhere", "no such folder"),
        ("{tmp}/plain", "not a usable git repository"),
        ("{tmp}/hollow", "not a usable git repository"),
        ("relative/clone", "must be an absolute path"),
    ],
)
def test_a_wrong_local_clone_is_refused_and_named(
    value: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "plain").mkdir()
    (tmp_path / "hollow" / ".git").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("UNLADEN_REPO_TINY", value.format(tmp=tmp_path))
    message = refusal(URL)
    assert said in message
    assert "UNLADEN_REPO_TINY=" in message


def test_a_url_that_cannot_be_cloned_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("UNLADEN_REPO_TINY", raising=False)
    monkeypatch.chdir(tmp_path)
    message = refusal(f"file://{tmp_path}/nowhere.git")
    assert "cannot clone" in message
    assert "set UNLADEN_REPO_TINY=/path/to/clone" in message
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_url_is_mirrored_beside_the_conf_and_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = History(tmp_path / "source")
    source.folder.mkdir()
    git(source.folder, "init", "--quiet", "--initial-branch", "main")
    source.commit("one", {"lib/a.py": "1"}, 1)
    work = tmp_path / "conf"
    work.mkdir()
    monkeypatch.chdir(work)
    url = f"file://{source.folder}"
    Repository(url, "mirrored")
    source.commit("two", {"lib/a.py": "2"}, 2)
    again = Repository(url, "mirrored")
    again.pull()
    assert in_scope(again, "lib") == [source.commits["two"], source.commits["one"]]
    assert [path.name for path in (work / ".asv").iterdir()] == ["mirrored.git"]


@pytest.mark.slow
def test_a_series_of_patches_is_built_beside_the_conf_and_checked_once(
    series: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = []

    def counted(folder: Path, built: Path) -> str:
        checked.append(built)
        return provide(folder, built)

    monkeypatch.setattr("unladen.repo.repository.provide", counted)
    monkeypatch.delenv("UNLADEN_REPO_KEPT", raising=False)
    monkeypatch.chdir(tmp_path)
    conf = {"repo": f"patches:{series.name}", "project": "kept", "dvcs": "unladen"}
    for _ in range(2):
        repository = get_repo(Config.from_json(conf))
        repository.pull()
        assert repository.get_hash_from_name("HEAD") == (series / "HEAD").read_text().strip()
    assert checked == [tmp_path / ".asv" / "kept.git"]
    assert len(in_scope(repository, "lib/tiny")) == 3


def test_it_is_chosen_by_dvcs_and_never_by_the_url(history: History) -> None:
    conf = Config.from_json({"repo": str(history.folder), "project": "other", "dvcs": "unladen"})
    assert type(get_repo(conf)) is Repository
    conf.dvcs = None
    assert type(get_repo(conf)) is Git
    assert not Repository.url_match(URL)


def test_the_variable_of_a_project() -> None:
    assert repository_variable("agent-sdk.2") == "UNLADEN_REPO_AGENT_SDK_2"


def test_unknown_commits_are_those_that_the_clone_does_not_have(
    repository: Repository, history: History
) -> None:
    known = history.commits["first"]
    assert repository.unknown_commits([known, "0" * 40]) == {"0" * 40}


@pytest.mark.slow
def test_a_check_out_does_not_need_files_elsewhere(
    repository: Repository, history: History, tmp_path: Path
) -> None:
    tree = tmp_path / "tree"
    with pytest.raises(util.ProcessError):
        repository.checkout(str(tmp_path / "full"), history.commits["good"])
    for name in ("good", "elsewhere", "first", "good"):
        check_out(repository, str(tree), history.commits[name], ["lib/tiny"])
        assert git(tree, "rev-parse", "HEAD") == history.commits[name]
        files = [f for f in tree.rglob("*") if f.is_file() and ".git" not in f.parts]
        assert files == [tree / "lib/tiny/__init__.py"]
        (tree / "lib/tiny/left_behind.pyc").write_text("")
    assert not (tree / "big.bin").exists()


@pytest.mark.slow
def test_a_check_out_of_paths_that_a_commit_lacks_is_empty(
    repository: Repository, history: History, tmp_path: Path
) -> None:
    tree = tmp_path / "tree"
    for paths in (["not/there"], ["lib/tiny"], ["not/[there]*"]):
        check_out(repository, str(tree), history.commits["good"], paths)
        assert (tree / "lib").exists() == (paths == ["lib/tiny"])


@pytest.mark.slow
def test_a_damaged_tree_is_checked_out_anew(
    repository: Repository, history: History, tmp_path: Path
) -> None:
    tree = tmp_path / "tree"
    check_out(repository, str(tree), history.commits["good"], ["lib/tiny"])
    (tree / ".git" / "HEAD").write_text("rubbish")
    check_out(repository, str(tree), history.commits["good"], ["lib/tiny"])
    assert git(tree, "rev-parse", "HEAD") == history.commits["good"]


@pytest.mark.slow
def test_a_repository_around_the_tree_is_never_touched(
    repository: Repository, history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    around = History(tmp_path / "around")
    around.folder.mkdir()
    git(around.folder, "init", "--quiet", "--initial-branch", "main")
    commit = around.commit("one", {"lib/kept.py": "1"}, 1)
    (around.folder / "untracked").write_text("kept")
    tree = around.folder / "env" / "tree"
    tree.mkdir(parents=True)
    check_out(repository, str(tree), history.commits["good"], ["lib/tiny"])
    monkeypatch.setenv("GIT_DIR", str(around.folder / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(around.folder))
    check_out(repository, str(tree), history.commits["first"], ["lib/tiny"])
    monkeypatch.delenv("GIT_DIR")
    monkeypatch.delenv("GIT_WORK_TREE")
    assert git(tree, "rev-parse", "HEAD") == history.commits["first"]
    assert git(around.folder, "rev-parse", "HEAD") == commit
    assert git(around.folder, "status", "--porcelain").split() == ["??", "env/", "??", "untracked"]
