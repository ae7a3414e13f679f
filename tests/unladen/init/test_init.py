"""What ``unladen init`` finds out, and what it writes; that it all works is tested from a wheel."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from asv import util
from tiny_project import git

from unladen import cli
from unladen.commands import init as command
from unladen.errors import UserError
from unladen.init import files, lock
from unladen.init.packages import Package, chosen, package_at, packages_in
from unladen.init.subject import Subject, look_at

ROOT = Path(__file__).resolve().parents[3]
PYPROJECT = '[project]\nname = "My.SDK"\nversion = "1"\nrequires-python = "{wanted}"\n'


@pytest.fixture
def sdk(tmp_path: Path) -> Path:
    """A repository with a package in ``src``, on a branch of its own besides ``main``."""
    root = tmp_path / "checkout"
    write(root, "pyproject.toml", PYPROJECT.format(wanted=">=3.8"))
    write(root, "src/my_sdk/__init__.py", "")
    write(root, "src/my_sdk/inner/__init__.py", "")
    write(root, "tests/__init__.py", "")
    git(root, "init", "--quiet", "--initial-branch", "main")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "begin")
    git(root, "checkout", "--quiet", "-b", "work")
    return root


def write(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text)


@pytest.mark.parametrize(
    ("names", "project", "expected"),
    [
        (["src/sdk/__init__.py"], "sdk", Package("src/sdk", "src", "sdk")),
        (["sdk/__init__.py", "sdk/a/__init__.py"], "other", Package("sdk", "", "sdk")),
        (["a/__init__.py", "my_sdk/__init__.py"], "My-SDK", Package("my_sdk", "", "my_sdk")),
        (["sdk.py", "setup.py"], "sdk", Package("sdk.py", "", "sdk")),
        (["src/sdk.py"], "sdk", Package("src/sdk.py", "src", "sdk")),
        (["setup.py", "helper.py"], "sdk", None),
        (["a/__init__.py", "b/__init__.py"], "sdk", None),
        (["sdk/__init__.py", "tests/__init__.py", "docs/x/__init__.py"], "q", package_at("sdk")),
        (["libs/core/sdk/__init__.py"], "sdk", Package("libs/core/sdk", "libs/core", "sdk")),
        (
            ["src/google/genai/__init__.py"],
            "google-genai",
            Package("src/google/genai", "src", "google.genai"),
        ),
        (["my-sdk/__init__.py"], "my-sdk", None),
        ([], "sdk", None),
    ],
)
def test_which_package_users_import(
    names: Sequence[str], project: str, expected: Package | None
) -> None:
    assert chosen(packages_in(names), project) == expected


def test_an_import_root_that_is_named() -> None:
    assert package_at("a/b/c", "a") == Package("a/b/c", "a", "b.c")
    assert package_at("a/b", "") == Package("a/b", "", "a.b")
    for root in ("c", "a/b"):
        with pytest.raises(ValueError, match="a/b is not below"):
            package_at("a/b", root)


def test_what_is_found_out(sdk: Path) -> None:
    found = look_at(sdk / "tests")
    assert found == Subject(
        root=sdk,
        project="my-sdk",
        distribution="My.SDK",
        source="",
        package=Package("src/my_sdk", "src", "my_sdk"),
        branch="main",
        url="",
        commit_url="",
        python=f"{sys.version_info.major}.{sys.version_info.minor}",
    )


@pytest.mark.parametrize(
    ("remote", "url", "commits"),
    [
        ("git@github.com:o/r.git", "https://github.com/o/r", "https://github.com/o/r/commit/"),
        ("https://u:secret@github.com/o/r", "https://github.com/o/r", None),
        (
            "ssh://git@gitlab.com:22/o/p/r.git",
            "https://gitlab.com/o/p/r",
            "https://gitlab.com/o/p/r/-/commit/",
        ),
        ("https://git.example.org/r.git", "https://git.example.org/r", ""),
        ("/srv/git/r.git", "", ""),
        ("../r", "", ""),
        ("file:///srv/r.git", "", ""),
    ],
)
def test_the_pages_of_the_repository(sdk: Path, remote: str, url: str, commits: str | None) -> None:
    git(sdk, "remote", "add", "origin", remote)
    found = look_at(sdk)
    assert (found.url, found.commit_url) == (url, f"{url}/commit/" if commits is None else commits)


def test_the_branch_is_the_remote_s_default_where_it_is_here(sdk: Path) -> None:
    git(sdk, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/work")
    assert look_at(sdk).branch == "work"
    git(sdk, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/absent")
    assert look_at(sdk).branch == "main"
    git(sdk, "branch", "--quiet", "-D", "main")
    assert look_at(sdk).branch == "work"
    git(sdk, "checkout", "--quiet", "--detach")
    git(sdk, "branch", "--quiet", "-D", "work")
    assert look_at(sdk).branch == "HEAD"


@pytest.mark.parametrize(
    ("name", "text", "project"),
    [
        ("pyproject.toml", '[tool.poetry]\nname = "poetic"\n', "poetic"),
        ("pyproject.toml", "[tool.ruff]\n", "checkout"),
        ("setup.cfg", "[metadata]\nname = old_one\n", "old-one"),
    ],
)
def test_the_name_from_wherever_it_stands(sdk: Path, name: str, text: str, project: str) -> None:
    (sdk / "pyproject.toml").unlink()
    write(sdk, name, text)
    assert look_at(sdk).project == project


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("pyproject.toml", PYPROJECT.format(wanted="<3"), "the SDK wants Python <3, and this is"),
        ("pyproject.toml", "[project\n", "pyproject.toml: "),
        ("setup.cfg", "no section\n", "setup.cfg: "),
    ],
)
def test_what_is_not_as_it_must_be(sdk: Path, name: str, text: str, said: str) -> None:
    (sdk / "pyproject.toml").unlink()
    write(sdk, name, text)
    with pytest.raises(UserError, match=said) as caught:
        look_at(sdk)
    assert "\n" not in str(caught.value)


def test_a_package_that_is_named_or_chosen(sdk: Path) -> None:
    for name in ("src/one/__init__.py", "src/two/__init__.py"):
        write(sdk, name, "")
    git(sdk, "rm", "--quiet", "-r", "src/my_sdk")
    git(sdk, "add", ".")
    with pytest.raises(UserError, match="--package PATH; there are src/one, src/two"):
        look_at(sdk)
    assert look_at(sdk, path="src/two/").package.name == "two"
    assert look_at(sdk, path="src/two", import_root="").package.name == "src.two"
    assert look_at(sdk, choose=lambda packages: packages[1]).package.name == "two"
    with pytest.raises(UserError, match="no Python files"):
        look_at(sdk, path="src/tw")


def test_a_user_is_asked_until_the_answer_is_a_number(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    packages = [package_at("src/one"), package_at("src/two")]
    answers = iter(["", "3", "two", "2"])
    monkeypatch.setattr("builtins.input", lambda question: next(answers))
    assert command._ask(packages) == packages[1]
    assert capsys.readouterr().out == "  1  src/one\n  2  src/two\n"
    assert next(answers, None) is None
    assert command._ask([]) is None

    def nobody(question: str) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", nobody)
    assert command._ask(packages) is None


def test_a_distribution_in_a_folder_of_the_repository(sdk: Path) -> None:
    git(sdk, "mv", "src", "tests")  # only what is named is the SDK
    write(sdk, "libs/core/setup.cfg", "[metadata]\nname = core\n")
    write(sdk, "libs/core/src/core/__init__.py", "")
    git(sdk, "add", ".")
    for found in (look_at(sdk), look_at(sdk, path="libs/core/src/core")):
        assert found.package == Package("libs/core/src/core", "libs/core/src", "core")
        assert (found.source, found.project, found.distribution) == ("libs/core", "core", "core")


def test_no_repository_and_no_commit(tmp_path: Path) -> None:
    for name in ("empty", "plain"):
        (tmp_path / name).mkdir()
    git(tmp_path / "empty", "init", "--quiet")
    for name in ("empty", "plain"):
        with pytest.raises(UserError, match="wants to be run in the git repository"):
            look_at(tmp_path / name)


@pytest.mark.parametrize("name", files.capabilities())
def test_a_driver_of_one_capability_is_short_and_sound(
    sdk: Path, tmp_path: Path, name: str
) -> None:
    written = files.folder_of(look_at(sdk), [name], ["asv_runner==1"])
    files.write_new(tmp_path, written)
    folder = tmp_path / "unladen-bench"
    lines = (folder / "driver" / f"{name}.py").read_text().splitlines()
    assert len(lines) < 60
    checked = subprocess.run(
        [sys.executable, "-m", "targets.check", "my-sdk"],
        cwd=ROOT,
        env={**os.environ, "UNLADEN_TARGET_DIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (checked.returncode, checked.stderr) == (0, "")
    assert f"{name}: yes" in checked.stdout.splitlines()


def test_each_capability_has_a_beginning() -> None:
    protocols = {file.stem for file in (ROOT / "targets" / "protocols").glob("[!_]*.py")}
    assert set(files.capabilities()) == protocols


def test_the_conf_is_asv_s(sdk: Path) -> None:
    git(sdk, "remote", "add", "origin", 'git@github.com:o/r".git')
    written = files.folder_of(look_at(sdk), files.capabilities(), ["asv_runner==1"])
    files.write_new(sdk, written)
    conf = util.load_json(str(sdk / "unladen-bench" / "asv.conf.json"), js_comments=True)
    assert "project_url" not in conf
    assert "show_commit_url" not in conf
    expected = {
        "project": "my-sdk",
        "distribution": "My.SDK",
        "paths": ["src/my_sdk"],
        "import_root": "src",
        "repo": "..",
    }
    assert conf.items() >= expected.items()
    assert json.dumps(conf).count("SDK_") == 0


def test_git_has_what_people_say_of_results_and_not_the_results(sdk: Path) -> None:
    files.write_new(sdk, files.folder_of(look_at(sdk), files.usual_capabilities(), []))
    results = "unladen-bench/results"
    for name in ("triage.json", "benchmarks.json", "machine/1234abcd-py.json"):
        write(sdk, f"{results}/{name}", "{}")
    git(sdk, "add", "unladen-bench")
    assert git(sdk, "ls-files", results).splitlines() == [f"{results}/triage.json"]


def test_workflows_name_the_conf_and_the_python(sdk: Path) -> None:
    subject = look_at(sdk)
    written = files.workflows(subject)
    assert len(written) == 3
    text = "".join(written.values())
    assert " unladen/asv.conf.json" not in text
    assert text.count("config: unladen-bench/asv.conf.json") == 6
    assert text.count(f'python-version: "{subject.python}"') == 3


def test_nothing_is_overwritten(sdk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And without anything found out anew, the workflows can come later."""
    monkeypatch.chdir(sdk)
    monkeypatch.setattr(command, "pinned", lambda subject, needs: (["asv_runner==1"], "it broke"))
    assert cli.main(["init", "--yes"]) == 0
    mine = sdk / "unladen-bench" / "driver" / f"{files.usual_capabilities()[0]}.py"
    mine.write_text("mine\n")
    assert cli.main(["init", "--yes"]) == 2
    workflow = sdk / ".github" / "workflows" / "unladen-gate.yml"
    workflow.parent.mkdir(parents=True)
    workflow.write_text("mine too\n")
    assert cli.main(["init", "--yes", "--github"]) == 0
    assert mine.read_text() == "mine\n"
    assert workflow.read_text() == "mine too\n"
    assert workflow.with_name("unladen-nightly.yml").is_file()


def test_a_folder_of_that_name_that_is_something_else(
    sdk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(sdk)
    (sdk / "unladen-bench").mkdir()
    assert cli.main(["init", "--yes"]) == 2
    assert "is there already, without asv.conf.json" in capsys.readouterr().err
    assert not list((sdk / "unladen-bench").iterdir())


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], files.usual_capabilities()),
        ([f"--capability={name}" for name in reversed(files.capabilities())], files.capabilities()),
    ],
)
def test_a_driver_has_what_is_named_or_what_is_usual(
    sdk: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    expected: list[str],
) -> None:
    asked: list[list[str]] = []

    def pinned(subject: Subject, needs: Sequence[str]) -> tuple[list[str], str]:
        asked.append(list(needs))
        return ["asv_runner==1"], ""

    monkeypatch.chdir(sdk)
    monkeypatch.setattr(command, "pinned", pinned)
    assert cli.main(["init", "--yes", *options]) == 0
    driver = sdk / "unladen-bench" / "driver"
    begun = sorted(file.stem for file in driver.glob("*.py") if "_" not in file.stem)
    assert begun == expected
    assert asked == [files.needs_of(expected)]
    beginning = (driver / "__init__.py").read_text()
    assert beginning.count(".CAPABILITY,\n") == len(expected)
    (said,) = (line for line in capsys.readouterr().out.splitlines() if line.startswith("can do: "))
    assert all(name in said for name in files.capabilities())
    assert ("--capability" in said) == (expected != files.capabilities())


def test_few_are_usual() -> None:
    assert set(files.usual_capabilities()) < set(files.capabilities())
    assert len(files.usual_capabilities()) == 1


def test_an_unknown_capability(
    sdk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(sdk)
    assert cli.main(["init", "--yes", "--capability", "juggling"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("unladen: there is no capability 'juggling'; there are ")
    assert said.count("\n") == 1
    assert not (sdk / "unladen-bench").exists()


def test_what_the_sdk_needs_is_pinned_without_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    items = [
        ("asv-runner", "0.3.2", {"archive_info": {}, "url": "https://example.org/a.whl"}),
        ("httpx", "0.28.1", {"archive_info": {}, "url": "https://example.org/h.whl"}),
        ("my-sdk", "1", {"dir_info": {}, "url": "file:///tmp/sdk"}),
        (
            "odd",
            "2",
            {"vcs_info": {"vcs": "git", "commit_id": "abc"}, "url": "https://example.org/odd"},
        ),
    ]
    report = {
        "install": [
            {"metadata": {"name": name, "version": number}, "download_info": info}
            for name, number, info in items
        ]
    }
    done = subprocess.CompletedProcess([], 0, json.dumps(report), "")
    monkeypatch.setattr(lock, "run_pip", lambda _: done)
    assert lock._resolved([])[0] == [
        "asv_runner==0.3.2",
        "httpx==0.28.1",
        "odd @ git+https://example.org/odd@abc",
    ]
