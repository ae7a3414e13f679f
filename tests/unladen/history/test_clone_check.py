"""Results whose commits the repository does not have: shallow, rewritten or the wrong clone."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from made_history import Project, series, write_project
from made_repository import Made, git, make_repository
from tiny_project import History, TinyProject, empty_history

from unladen.errors import UserError
from unladen.history.clone_check import check_clone, look
from unladen.repo.repository import Repository
from unladen.store.results_folder import misnamed_files, results_files

CALLS = series("work.track_calls")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Twelve commits, all measured, each with a date of its own."""
    made = write_project(tmp_path, [], *[f"file{n}" for n in range(12)])
    made.describe(CALLS)
    dates = git(tmp_path / "repository", "log", "--reverse", "--format=%at").split()
    for n, date in enumerate(dates):
        made.store(n, {CALLS.name: [[n], [], "1", None, None]})
        path = made.file(n)
        path.write_text(path.read_text().replace('"date": 0', f'"date": {date}000'))
    return made


def repository(folder: Path) -> Repository:
    return Repository(str(folder), "sdk")


def checked(project: Project, folder: Path | None = None) -> list[str]:
    """What is said of a repository, by default the project's own."""
    place = repository(folder or project.folder / "repository")
    return check_clone(place, project.results, "sdk")


@pytest.mark.slow
def test_nothing_is_said_of_what_is_there(project: Project, tmp_path: Path) -> None:
    assert checked(project) == []
    assert look(repository(tmp_path / "repository"), tmp_path / "nothing").measured == 0


@pytest.mark.slow
def test_after_a_force_push_some_are_missing(project: Project, tmp_path: Path) -> None:
    """The last three are rebased onto something else, and the old ones are collected."""
    folder = tmp_path / "repository"
    base = project.hashes[8]
    for n in (9, 10, 11):
        tree = git(folder, "rev-parse", f"{project.hashes[n]}^{{tree}}")
        date = git(folder, "show", "-s", "--format=%ad", "--date=raw", project.hashes[n])
        base = commit_tree(folder, tree, base, f"rebased {n}", date)
    git(folder, "update-ref", "refs/heads/main", base)
    git(folder, "reflog", "expire", "--expire=now", "--all")
    git(folder, "gc", "--quiet", "--prune=now")
    (line,) = checked(project)
    assert line.startswith("left out: results of 3 commits that the repository has no more")
    standing = look(repository(folder), project.results)
    assert list(standing.missing) == sorted(project.hashes[9:])
    assert (standing.redated, standing.is_wrong) == (3, False)


def commit_tree(folder: Path, tree: str, parent: str, subject: str, date: str) -> str:
    """A commit as a rebase makes it: the author's date stays."""
    stream = (
        f"commit refs/made/rebased\nauthor Ann <ann@example.org> {date}\n"
        f"committer Ann <ann@example.org> 1800000000 +0000\ndata {len(subject)}\n{subject}\n"
        f'from {parent}\nM 040000 {tree} ""\n\n'
    )
    git(folder, "fast-import", "--quiet", "--force", stdin=stream)
    return git(folder, "rev-parse", "refs/made/rebased")


@pytest.mark.slow
def test_a_history_that_was_rewritten_as_a_whole_is_known_by_its_dates(
    project: Project, tmp_path: Path
) -> None:
    made = [Made(f"new {n}", [f"new {n - 1}"] if n else [], {"a": str(n)}, n) for n in range(12)]
    make_repository(tmp_path / "rewritten", made, {"main": "new 11"})
    (line,) = checked(project, tmp_path / "rewritten")
    assert line.startswith("left out: results of 12 commits that the repository")


def other_project(folder: Path) -> Path:
    """A repository with other dates."""
    made = [Made(f"b{n}", [f"b{n - 1}"] if n else [], {"b": str(n)}, 100 + n) for n in range(5)]
    return make_repository(folder, made, {"main": "b4"}).folder


@pytest.mark.slow
def test_another_projects_clone_is_refused_in_a_line(project: Project, tmp_path: Path) -> None:
    other = other_project(tmp_path / "other")
    with pytest.raises(UserError, match=r"has none of the 12 .* UNLADEN_REPO_SDK") as refused:
        checked(project, other)
    assert "\n" not in str(refused.value)
    assert str(other) in str(refused.value)


@pytest.mark.slow
def test_a_shared_template_makes_it_no_clone_of_the_project(
    project: Project, tmp_path: Path
) -> None:
    folder = tmp_path / "mixed"
    git(tmp_path, "clone", "--quiet", "--bare", str(tmp_path / "repository"), str(folder))
    git(folder, "update-ref", "refs/heads/main", project.hashes[0])
    tree = git(folder, "rev-parse", "main^{tree}")
    commit_tree(folder, tree, "refs/heads/main", "other", "1 +0000")
    git(folder, "gc", "--quiet", "--prune=now")
    with pytest.raises(UserError, match="has nearly none of the 12 "):
        checked(project, folder)


@pytest.mark.slow
@pytest.mark.parametrize("number", [1, 2])
def test_few_missing_commits_say_nothing_of_the_clone(
    project: Project, tmp_path: Path, number: int
) -> None:
    """As after a squash: the one commit that was measured is gone, its date with it."""
    for path in results_files(project.results / "lab")[number:]:
        path.unlink()
    (line,) = checked(project, other_project(tmp_path / "other"))
    assert f"results of {number} commit{'s' * (number > 1)} that the repository has no more" in line


@pytest.mark.slow
def test_what_a_shallow_clone_lacks_is_left_out_with_the_remedy(
    project: Project, tmp_path: Path
) -> None:
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth", "2", f"file://{tmp_path}/repository", str(shallow))
    (line,) = checked(project, shallow)
    assert line == (
        "left out: results of 10 commits beyond a shallow clone; to have it all: "
        f"git -C {shallow} fetch --unshallow"
    )
    conf = json.loads((tmp_path / "asv.conf.json").read_text())
    (tmp_path / "asv.conf.json").write_text(json.dumps({**conf, "repo": str(shallow)}))
    done = project.unladen("changes")
    assert done.returncode == 0, done.stderr
    assert [one for one in done.stderr.splitlines() if "left out" in one] == [f"unladen: {line}"]


@pytest.mark.slow
def test_commands_that_show_refuse_the_wrong_clone(project: Project, tmp_path: Path) -> None:
    conf = json.loads((tmp_path / "asv.conf.json").read_text())
    repo = str(other_project(tmp_path / "other"))
    (tmp_path / "asv.conf.json").write_text(json.dumps({**conf, "repo": repo}))
    for command in ("changes", "publish"):
        done = project.unladen(command)
        assert done.returncode == 2, done.stdout + done.stderr
        assert done.stderr.splitlines()[-1].startswith("unladen: ")
        assert "has none of the 12 commits of sdk that were measured" in done.stderr
    assert not (tmp_path / "h").exists()


def test_files_that_are_named_by_tags_are_named_once(project: Project) -> None:
    before = results_files(project.results / "lab")
    for tag in ("v1.0", "v1.1"):
        text = project.file(0).read_text().replace(project.hashes[0], tag)
        project.file(0).with_name(f"{tag}-env.json").write_text(text)
    assert results_files(project.results / "lab") == before
    (line,) = misnamed_files(project.results / "lab")
    assert line.startswith("left out: 2 results files whose name is no commit's: ")
    done = project.unladen("changes")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("v1.") == 1
    assert f"unladen: {line}" in done.stderr.splitlines()


# Measuring goes on.


def rewritten(history: History, folder: Path, days: int) -> History:
    """The tiny history in other commits: without the large file, of dates that many days later."""
    names = ["first", "raising", "good"]
    code = "lib/tiny/__init__.py"
    texts = [git(history.folder, "show", f"{history.commits[name]}:{code}") for name in names]
    made = empty_history(folder)
    for name, text, day in zip(names, texts, (1, 4, 5), strict=True):
        made.commit(name, {code: text}, day + days)
    return made


@pytest.mark.slow
def test_after_a_rewrite_all_commands_go_on_and_lose_nothing(
    measured: TinyProject, tmp_path: Path
) -> None:
    before = {path.name for path in measured.results.iterdir()}
    new = replace(measured, history=rewritten(measured.history, tmp_path / "rewritten", 0))
    for command in (["run", "NEW"], ["run"], ["changes"]):
        machine = ["--machine", "lab"]
        done = new.unladen("--target", "tiny", *command, *machine)
        assert done.returncode in (0, 3), (command, done.stdout, done.stderr)
        lines = [line for line in done.stderr.splitlines() if "left out" in line]
        assert len(lines) == 1, (command, done.stderr)
        assert "results of 4 commits that" in lines[0]
    now = {path.name for path in measured.results.iterdir()}
    assert before < now
    assert len([name for name in now - before if name.endswith(".json")]) == 3


@pytest.mark.slow
def test_in_the_wrong_clone_nothing_is_measured(measured: TinyProject, tmp_path: Path) -> None:
    before = measured.digest()
    wrong = replace(measured, history=rewritten(measured.history, tmp_path / "wrong", 20))
    for command in (["run"], ["run", "NEW"], ["continuous", "main~1", "main"], ["demo"]):
        done = wrong.unladen("--target", "tiny", *command, "--machine", "lab")
        assert done.returncode == 2, (command, done.stdout, done.stderr)
        assert "has none of the 4 commits of tiny that were measured" in done.stderr, command
    assert wrong.digest() == before
