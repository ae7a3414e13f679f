"""No accident stores a value under a commit that does not have it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from asv.results import Results
from tiny_project import AT_ONCE, TinyProject, git

from unladen.measure.proof import Installation, Witness, is_as_installed, modules_in, record_install
from unladen.repo.snapshot import Snapshot, await_another_second, head_of

ACCIDENT = """
import os, pathlib, subprocess, sysconfig

def track_accident():
    import tiny
    file = pathlib.Path(tiny.__file__)
    packages = pathlib.Path(sysconfig.get_path("purelib"))
    exec(os.environ.get("UNLADEN_ACCIDENT", ""), globals(), locals())
    return tiny.a()

track_accident.unit = "calls"
track_accident.kind = "exact"
"""

CHECKOUT = "subprocess.run(['git', '-C', file.parent, 'checkout', '-qf', COMMIT], check=True)\n"

ACCIDENTS = {
    "somebody's git": CHECKOUT,
    "there and back": CHECKOUT + CHECKOUT.replace("COMMIT", "BACK"),
    "an edit, undone": "text = file.read_text(); file.write_text('1/0'); file.write_text(text)",
    "another path file": "file = packages / 'unladen-tiny.pth'; file.write_text(file.read_text())",
}
"""What befalls a measurement, as code of a benchmark."""


@pytest.fixture
def project(measured: TinyProject) -> TinyProject:
    """The measured project, with a benchmark that has an accident if it is told to."""
    (measured.folder / "benchmarks" / "accident.py").write_text(ACCIDENT)
    return measured


@pytest.fixture
def environment(shared: TinyProject) -> Path:
    """The folder of the benchmark environment."""
    (found,) = shared.folder.glob(".asv/env/*/project")
    return found.parent


def run(project: TinyProject, commit: str, *options: str, **variables: str) -> Any:
    """Measure the one benchmark at a commit."""
    range_ = f"{project.history.commits[commit]}^!"
    arguments = ["run", range_, "--machine", "lab", "--bench", "accident", *options]
    return project.unladen("--target", "tiny", *arguments, **variables)


def value(project: TinyProject, commit: str) -> Any:
    """What is stored of it."""
    stored = Results.load(str(project.results_file(commit)))
    return stored.get_result_value("accident.track_accident", [])


def accident(project: TinyProject, kind: str) -> str:
    """The code of an accident that befalls the newest commit."""
    commits = project.history.commits
    text = ACCIDENTS[kind]
    return text.replace("COMMIT", repr(commits["first"])).replace("BACK", repr(commits["good"]))


@pytest.mark.rotated
@pytest.mark.slow
@pytest.mark.parametrize("kind", ACCIDENTS)
def test_what_an_accident_befell_is_not_stored(project: TinyProject, kind: str) -> None:
    before = project.digest()
    done = run(project, "good", UNLADEN_ACCIDENT=accident(project, kind))
    assert done.returncode == 2, done.stdout + done.stderr
    (line,) = done.stderr.splitlines()
    short = project.history.commits["good"][:8]
    assert line.startswith(f"unladen: tiny {short}: not stored, it was not what was measured: ")
    changed = {name for name, digest in project.digest().items() if before.get(name) != digest}
    assert {name for name in changed if "lab" in name} == set()
    again = run(project, "good")
    assert again.returncode == 0, again.stdout + again.stderr
    assert value(project, "good") == [3]


@pytest.mark.slow
def test_what_is_installed_beside_the_checkout_must_not_be_measured_for_it(
    project: TinyProject, environment: Path
) -> None:
    (packages,) = environment.glob("lib/*/site-packages")
    shadow = packages / "tiny.py"
    shadow.write_text("def a(): return 99\n")
    try:
        done = run(project, "good")
    finally:
        shadow.unlink()
    assert done.returncode == 2, done.stdout + done.stderr
    assert f"`import tiny` gives {shadow}, which is not the commit's" in done.stderr
    assert run(project, "good").returncode == 0
    assert value(project, "good") == [3]


@pytest.mark.slow
def test_a_checkout_that_was_changed_before_is_made_anew(
    project: TinyProject, environment: Path
) -> None:
    assert run(project, "good").returncode == 0
    (environment / "project" / "lib" / "tiny" / "__init__.py").write_text("def a(): return 7\n")
    assert run(project, "good").returncode == 0
    assert value(project, "good") == [3]
    git(environment / "project", "checkout", "-qf", project.history.commits["first"])
    assert run(project, "good").returncode == 0
    assert value(project, "good") == [3]


@pytest.mark.slow
def test_values_are_not_stored_under_another_commits_name(project: TinyProject) -> None:
    other = project.history.commits["first"]
    done = run(project, "good", "--set-commit-hash", other)
    assert done.returncode == 2, done.stdout + done.stderr
    assert f"tiny {other[:8]}: not stored" in done.stderr
    assert f"installed was {project.history.commits['good'][:8]}" in done.stderr
    plain = project.asv(
        *("--config", str(project.target / "asv.conf.json"), "run", "main^!", "--machine", "lab"),
        *("--bench", "accident", "--set-commit-hash", other),
    )
    assert plain.returncode == 1
    assert f"tiny {other[:8]}: not stored" in plain.stdout + plain.stderr


@pytest.mark.slow
def test_a_comparison_that_an_accident_befell_is_of_no_use(project: TinyProject) -> None:
    benchmark = project.folder / "benchmarks" / "accident.py"
    benchmark.write_text(benchmark.read_text().replace('"exact"', '"sampled"'))
    arguments = ["gate", "main~1", "main", "--series", "accident", "--rounds", "4", *AT_ONCE]
    variables = {"UNLADEN_ACCIDENT": accident(project, "an edit, undone")}
    done = project.unladen("--target", "tiny", *arguments, **variables)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "of no use, it was not what was measured side by side" in done.stderr
    done = project.unladen("--target", "tiny", *arguments)
    assert done.returncode == 1, done.stdout + done.stderr


# The parts.


def place_in(folder: Path, *files: str) -> Installation:
    """An environment with these files."""
    for name in files:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x = 1\n")
    return Installation(
        folder=folder,
        checkout=folder / "project",
        packages=[folder / "packages"],
        on_path=[folder / "project" / "lib"],
        project="tiny",
        root=folder / "root",
    )


def run_here(installation: Installation) -> Any:
    """Runs this Python as an environment's whose path is that of the place."""
    path = os.pathsep.join(map(str, [*installation.packages, *installation.on_path]))

    def run_python(arguments: list[str], folder: str) -> str:
        variables = {**os.environ, "PYTHONPATH": path}
        command = [sys.executable, *arguments]
        return subprocess.check_output(command, cwd=folder, env=variables, text=True)

    return run_python


def complaint(installation: Installation, witness: Witness, commit: str = "") -> str:
    return witness.complaint(installation, commit, run_here(installation))


def test_where_nothing_happened_there_is_no_complaint(tmp_path: Path) -> None:
    installation = place_in(tmp_path, "project/lib/tiny/__init__.py", "project/lib/other.py")
    witness = Witness("", installation.snapshot())
    cached = tmp_path / "project/lib/tiny/__pycache__/__init__.cpython-311.pyc"
    cached.parent.mkdir()
    cached.write_bytes(b"")
    (tmp_path / "project/lib/tiny/log.txt").write_text("written by the SDK")
    assert complaint(installation, witness) == ""
    assert complaint(installation, witness, "a" * 40).startswith("installed was no commit")


@pytest.mark.parametrize("change", ["write", "remove", "move"])
def test_whatever_happens_to_a_file_is_seen(tmp_path: Path, change: str) -> None:
    installation = place_in(tmp_path, "project/lib/tiny/__init__.py", "project/lib/tiny/b.py")
    witness = Witness("", installation.snapshot())
    file = tmp_path / "project/lib/tiny/b.py"
    stat = file.stat()
    if change == "write":
        file.write_text("x = 2\n")
        os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    elif change == "remove":
        file.unlink()
    else:
        moved = file.rename(file.with_name("c.py"))
        moved.rename(file)
    assert complaint(installation, witness).startswith(f"{file} changed meanwhile")


def test_a_package_that_was_not_there_does_not_count_as_the_commits(tmp_path: Path) -> None:
    installation = place_in(tmp_path, "project/lib/tiny.py")
    witness = Witness("", installation.snapshot())
    place_in(tmp_path, "project/lib/tiny/__init__.py")
    assert "which the commit does not have" in complaint(installation, witness)


def test_a_driver_says_what_is_looked_for(tmp_path: Path) -> None:
    """So that a package which the commit does not have at all is not taken from elsewhere."""
    installation = place_in(tmp_path, "project/lib/tiny.py", "packages/sdk/__init__.py")
    place_in(tmp_path, "root/targets/__init__.py")
    loading = "class Target:\n    imports = ['sdk.core']\n\ndef load(name): return Target\n"
    (tmp_path / "root" / "targets" / "loading.py").write_text(loading)
    assert "`import sdk` gives" in complaint(installation, Witness("", installation.snapshot()))


@pytest.mark.parametrize("in_commit", [True, False])
def test_a_namespace_may_have_other_parts_elsewhere(tmp_path: Path, in_commit: bool) -> None:
    """As ``google`` of ``google.adk`` has."""
    installation = place_in(tmp_path, "packages/space/other/__init__.py", "project/lib/x.py")
    sdk = "project/lib/space/sdk/__init__.py" if in_commit else "packages/space/sdk/__init__.py"
    place_in(tmp_path, sdk, "root/targets/__init__.py")
    loading = "class Target:\n    imports = ['space.sdk.core']\n\ndef load(name): return Target\n"
    (tmp_path / "root" / "targets" / "loading.py").write_text(loading)
    said = complaint(installation, Witness("", installation.snapshot()))
    assert said == "" if in_commit else said.startswith("`import space.sdk` gives")


def test_where_commands_install_the_whole_environment_is_the_commits(tmp_path: Path) -> None:
    installation = place_in(tmp_path, "packages/tiny.py")
    installed = Installation(
        installation.folder,
        installation.checkout,
        installation.packages,
        [],
        "tiny",
        installation.root,
    )
    witness = Witness("", installed.snapshot())
    assert complaint(installed, witness) == ""
    (tmp_path / "packages" / "tiny.py").write_text("x = 3\n")
    assert "tiny.py changed meanwhile" in complaint(installed, witness)


def test_modules_of_the_standard_library_are_not_looked_for(tmp_path: Path) -> None:
    place_in(tmp_path, "test/__init__.py", "json.py", "setup.py", "sdk/__init__.py", "docs/a.md")
    assert modules_in(tmp_path) == {"setup", "sdk"}


def test_an_install_holds_until_a_file_or_the_head_changes(tmp_path: Path) -> None:
    installation = place_in(tmp_path, "project/lib/tiny.py", "project/.git/HEAD")
    commit = "a" * 40
    (tmp_path / "project/.git/HEAD").write_text(commit + "\n")
    assert not is_as_installed(installation, commit, installation.snapshot())
    record_install(installation, commit, installation.snapshot())
    assert is_as_installed(installation, commit, installation.snapshot())
    assert not is_as_installed(installation, "b" * 40, installation.snapshot())
    (tmp_path / "project/lib/new.py").write_text("")
    assert not is_as_installed(installation, commit, installation.snapshot())
    record_install(installation, commit, installation.snapshot())
    (tmp_path / "project/.git/HEAD").write_text("b" * 40)
    assert not is_as_installed(installation, commit, installation.snapshot())
    for said in ("{", "[]", "[" * 100_000, '{"commit": 1, "digest": ""}', "{}"):
        (tmp_path / "unladen-installed.json").write_text(said)
        assert not is_as_installed(installation, commit, installation.snapshot())


def test_commits_are_checked_out_in_different_seconds(tmp_path: Path) -> None:
    head = tmp_path / ".git" / "HEAD"
    head.parent.mkdir()
    await_another_second(tmp_path / "nothing")
    head.write_text("")
    await_another_second(tmp_path)
    after = tmp_path / "after"
    after.write_text("")
    assert int(after.stat().st_mtime) > int(head.stat().st_mtime)
    assert head_of(tmp_path / "nothing") == ""


@contextmanager
def edited(file: Path, text: str) -> Iterator[None]:
    """The file with another text, for a while."""
    before = file.read_text()
    file.write_text(text)
    yield
    file.write_text(before)


def test_a_snapshot_names_each_file_once_and_follows_no_link(tmp_path: Path) -> None:
    place_in(tmp_path, "a/one.py", "a/.git/HEAD", "a/__pycache__/one.pyc", "b/two.py")
    (tmp_path / "a" / "link").symlink_to(tmp_path / "b")
    taken = Snapshot.take([tmp_path / "a", tmp_path / "missing"])
    assert sorted(os.path.relpath(path, tmp_path) for path in taken.files) == ["a/link", "a/one.py"]
    with edited(tmp_path / "b" / "two.py", "other"):
        assert taken.digest == Snapshot.take([tmp_path / "a"]).digest
    with edited(tmp_path / "a" / "one.py", "other"):
        assert taken.digest != Snapshot.take([tmp_path / "a"]).digest
    assert json.dumps(taken.lost(taken)) == "[]"
