"""Names of commits never reach asv: a tag may mean another commit tomorrow."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tiny_project import TinyProject, git

pytestmark = pytest.mark.slow

QUICK = ("--machine", "lab", "--bench", "track_environment")


@pytest.fixture
def tagged(measured: TinyProject) -> Iterator[TinyProject]:
    """The measured project without its results; ``first`` and ``good`` have tags, and a file."""
    commits = measured.history.commits
    git(measured.history.folder, "tag", "v1", commits["first"])
    git(measured.history.folder, "tag", "-a", "-m", "noted", "v2", commits["good"])
    git(measured.history.folder, "tag", "again", commits["good"])
    git(measured.history.folder, "tag", "of-a-file", f"{commits['good']}:lib/tiny/__init__.py")
    for file in measured.results.glob("*-*"):
        file.unlink()
    yield measured
    for tag in ("v1", "v2", "again", "of-a-file"):
        git(measured.history.folder, "tag", "-d", tag)


def stored(project: TinyProject) -> dict[str, str]:
    """The commits of all results files by their names."""
    files = sorted(project.results.glob("*-*.json"))
    return {file.name[:8]: json.loads(file.read_text())["commit_hash"] for file in files}


def expected(project: TinyProject, *names: str) -> dict[str, str]:
    commits = [project.history.commits[name] for name in names]
    return {commit[:8]: commit for commit in sorted(commits)}


def test_tags_are_measured_as_the_commits_that_they_mean(tagged: TinyProject) -> None:
    done = tagged.unladen("--target", "tiny", "run", "TAGS", *QUICK)
    assert done.returncode == 0, done.stdout + done.stderr
    assert stored(tagged) == expected(tagged, "first", "good")
    assert tagged.unladen("--target", "tiny", "run", "EXISTING", *QUICK).returncode == 0


def test_plain_asv_measures_tags_as_commits_too_after_they_were_moved(tagged: TinyProject) -> None:
    conf = ("--config", str(tagged.target / "asv.conf.json"))
    done = tagged.asv(*conf, "run", "TAGS", *QUICK)
    assert done.returncode == 0, done.stdout + done.stderr
    git(tagged.history.folder, "tag", "-f", "v1", tagged.history.commits["raising"])
    done = tagged.asv(*conf, "run", "TAGS", *QUICK)
    assert done.returncode == 0, done.stdout + done.stderr
    assert stored(tagged) == expected(tagged, "first", "good", "raising")
    check_environment(tagged)


def check_environment(project: TinyProject) -> None:
    """Nothing that asv notes or keeps there is called by a name."""
    commits = project.history.commits.values()
    env = Path(json.loads((project.target / "asv.conf.json").read_text())["env_dir"])
    notes = list(env.glob("*/asv-install-status.json"))
    assert notes
    assert {json.loads(note.read_text())["commit_hash"] for note in notes} <= {*commits, None}
    for cache in env.glob("*/asv-build-cache/*"):
        assert cache.name.removesuffix(".timestamp") in commits


def test_files_that_an_older_asv_named_by_tags_stop_nothing(tagged: TinyProject) -> None:
    """They are named once and stay as they are."""
    done = tagged.unladen("--target", "tiny", "run", "main^!", *QUICK)
    assert done.returncode == 0, done.stdout + done.stderr
    (file,) = tagged.results.glob("*-*.json")
    old = file.with_name("v1-" + file.name.partition("-")[2])
    old.write_text(file.read_text().replace(tagged.history.commits["good"], "v1"))
    before = old.read_bytes()
    machine = ("--machine", "lab")
    commands = [
        ["run", "main^!", *QUICK],
        ["run", "EXISTING", *QUICK],
        ["changes", *machine],
        ["table", "main"],
        ["publish"],
    ]
    for command in commands:
        done = tagged.unladen("--target", "tiny", *command)
        assert done.returncode in (0, 3), (command, done.stdout, done.stderr)
        assert done.stderr.count("v1-") <= 1, (command, done.stderr)
        assert "Traceback" not in done.stdout + done.stderr, command
    plain = tagged.asv("--config", str(tagged.target / "asv.conf.json"), "run", "EXISTING", *QUICK)
    assert plain.returncode == 0, plain.stdout + plain.stderr
    assert old.read_bytes() == before


@pytest.mark.rotated
@pytest.mark.parametrize("command", ["continuous", "find", "gate", "bisect", "profile"])
def test_names_of_commits_are_resolved_before_anything_is_installed(
    tagged: TinyProject, command: str
) -> None:
    arguments = {
        "continuous": ["v1", "v2", "--bench", "track_environment", "--machine", "lab"],
        "find": ["v1..v2", "work.track_seconds", "--machine", "lab"],
        "gate": ["v1", "v2", "--only", "exact", "--save"],
        "bisect": ["work.Work.track_value(a)", "v1", "v2"],
        "profile": ["work.track_environment", "v2"],
    }
    done = tagged.unladen("--target", "tiny", command, *arguments[command])
    assert done.returncode in (0, 1, 3), done.stdout + done.stderr
    assert {*stored(tagged).values()} <= {*tagged.history.commits.values()}
    check_environment(tagged)
