"""The shell of every step, run on a repository and a remote made for it."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import pytest
from made_runner import Runner, Step
from tiny_project import git

pytestmark = pytest.mark.slow


def gate(runner: Runner, head: str, output: Path, **variables: str) -> tuple[int, str, str]:
    """A pull request's gate: exit code, outcome, and the summary page."""
    runner.check_out(head)
    assert runner.prepare().code == 0
    step = runner.run(
        "gate/gate.sh",
        BASE=variables.pop("BASE", runner.commits["second"]),
        HEAD=runner.commits[head],
        OUTPUT=str(output),
        **{"ACCEPT_UNDECIDED": "false", "OPTIONS": "--only\nexact", **variables},
    )
    assert step.outputs["exit-code"] == str(step.code), step.text
    return step.code, step.outputs["outcome"], step.summary


def test_set_up(runner: Runner) -> None:
    runner.check_out("second")
    step = runner.prepare()
    assert step.code == 0, step.text
    assert step.outputs["environments"] == str(runner.sdk / "bench" / ".asv")
    assert re.fullmatch(r"[0-9a-f]{40}", step.outputs["key"])
    assert git(runner.sdk, "rev-parse", "main") == runner.commits["second"]
    (machine,) = set(json.loads((runner.home / ".asv-machine.json").read_text())) - {"version"}
    assert machine == "github-Linux-X64"
    again = runner.prepare()
    assert (again.code, again.outputs) == (0, step.outputs)
    lock = runner.sdk / "bench" / "requirements.txt"
    lock.write_text(lock.read_text() + "# another\n")
    assert runner.prepare().outputs["key"] != step.outputs["key"]


def test_set_up_says_what_is_wrong_with_a_conf(runner: Runner) -> None:
    runner.check_out("second")
    (runner.sdk / "bench" / "asv.conf.json").write_text("{")
    step = runner.prepare()
    assert step.code == 2
    assert "bench/asv.conf.json: not a readable conf" in step.text
    assert "Traceback" not in step.text


def test_gate_passes_what_changes_nothing(runner: Runner, tmp_path: Path) -> None:
    code, outcome, summary = gate(runner, "same", tmp_path)
    assert (code, outcome) == (0, "passed"), summary
    assert summary == (tmp_path / "gate.md").read_text()
    assert json.loads((tmp_path / "gate.json").read_text())["exit_code"] == 0
    assert "<testsuite" in (tmp_path / "gate.xml").read_text()


def test_gate_finds_what_is_worse(runner: Runner, tmp_path: Path) -> None:
    code, outcome, summary = gate(runner, "worse", tmp_path)
    assert (code, outcome) == (1, "regression"), summary
    assert "work.Work.value(a)" in summary


def test_gate_finds_what_is_broken(runner: Runner, tmp_path: Path) -> None:
    code, outcome, summary = gate(runner, "broken", tmp_path)
    assert (code, outcome) == (3, "broken"), summary
    assert "it is broken" in summary


def test_gate_that_cannot_run_says_why(runner: Runner, tmp_path: Path) -> None:
    code, outcome, summary = gate(runner, "same", tmp_path, BASE="0" * 40)
    assert (code, outcome) == (2, "error")
    assert "    unladen: " in summary
    assert not (tmp_path / "gate.md").exists()


@pytest.mark.parametrize(
    ("code", "outcome"), [(4, "not measured"), (5, "undecided"), (141, "error")]
)
def test_gate_hands_on_every_exit_code(
    runner: Runner, tmp_path: Path, code: int, outcome: str
) -> None:
    """And every argument as it is, whatever is in it."""
    fake = tmp_path / "bin" / "unladen"
    fake.parent.mkdir()
    fake.write_text(f'#!/bin/sh\nprintf "[%s]" "$@"\nexit {code}\n')
    fake.chmod(0o755)
    step = runner.run(
        "gate/gate.sh",
        PATH=f"{fake.parent}:/usr/bin:/bin",
        BASE="$(touch hostile)",
        HEAD="-x; y",
        OPTIONS="--budget\n3 00\n",
        ACCEPT_UNDECIDED="true",
        OUTPUT=str(tmp_path / "out"),
    )
    assert (step.code, step.outputs["outcome"]) == (code, outcome)
    end = "[--budget][3 00][--accept-undecided][--][$(touch hostile)][-x; y]"
    assert end in step.text.splitlines()[0]
    assert not (runner.sdk / "hostile").exists()


def measure(runner: Runner, **variables: str) -> None:
    """A night's first two steps."""
    assert runner.prepare().code == 0
    step = runner.run("nightly/measure.sh", **{"RANGE": "", "MINUTES": "5", **variables})
    assert step.code == 0, step.text


def test_nights(runner: Runner, tmp_path: Path) -> None:
    """The first measures all, the second the new commit; what another pushed meanwhile stays."""
    runner.check_out("second")
    measure(runner)
    step = runner.run("nightly/push.sh")
    assert step.code == 0, step.text
    first, second = (runner.commits[name][:8] for name in ("first", "second"))
    stored = runner.stored()
    assert all(name.startswith("tiny/") for name in stored)
    assert measured(stored) == {first, second}
    assert runner.run("nightly/push.sh").text.strip() == "there are no new results"

    author = runner.sdk.with_name("author")
    (author / "lib/tiny/__init__.py").write_text("def a(): return 90\n")
    git(author, "commit", "--quiet", "--all", "--message", "third")
    git(author, "push", "--quiet", str(runner.remote), "main")
    runner.commits["third"] = git(author, "rev-parse", "HEAD")
    runner.check_out("third")
    measure(runner)
    machine = runner.sdk / "bench/results/tiny/github-Linux-X64"
    names = [file.name for file in machine.glob("*-*.json")]
    assert measured(names) == {first, second, runner.commits["third"][:8]}

    before = git(runner.remote, "rev-parse", "unladen-results")
    step = push_with_another_in_between(runner, tmp_path)
    assert step.code == 0, step.text
    assert "try 1 of 5" in step.text
    stored = runner.stored()
    assert measured(stored) == {first, second, runner.commits["third"][:8]}
    assert "by-hand.txt" in stored
    # What both changed is this run's, as a whole.
    shown = git(runner.remote, "show", "unladen-results:tiny/benchmarks.json")
    assert json.loads(shown) == json.loads((machine.parent / "benchmarks.json").read_text())
    git(runner.remote, "merge-base", "--is-ancestor", before, "unladen-results")

    site(runner)


def measured(names: list[str]) -> set[str]:
    """The commits whose results files are among these."""
    found = (re.search(r"([0-9a-f]{8})-[^/]*\.json$", name) for name in names)
    return {one[1] for one in found if one}


def push_with_another_in_between(runner: Runner, folder: Path) -> Step:
    """``push.sh`` with a git that, before the first push, pushes something else from elsewhere."""
    other = folder / "other"
    git(folder, "clone", "--quiet", "-b", "unladen-results", str(runner.remote), str(other))
    (other / "by-hand.txt").write_text("kept\n")
    (other / "tiny/benchmarks.json").write_text('{"version": 2}\n')
    # The run must have changed the file too, for a conflict.
    file = runner.sdk / "bench/results/tiny/benchmarks.json"
    file.write_text(file.read_text() + "\n")
    git(other, "add", ".")
    git(other, "commit", "--quiet", "--message", "by hand")
    fake = folder / "bin" / "git"
    fake.parent.mkdir()
    fake.write_text(
        f"""#!/bin/bash
case " $* " in *" push "*)
  [ -e {folder}/pushed ] || {{ touch {folder}/pushed; /usr/bin/git -C {other} push -q; }} ;;
esac
exec /usr/bin/git "$@"
"""
    )
    fake.chmod(0o755)
    path = [str(fake.parent), str(Path(sys.executable).parent), os.environ["PATH"]]
    return runner.run("nightly/push.sh", PATH=os.pathsep.join(path))


def site(runner: Runner) -> None:
    """Another job, another clone: the results come from the branch."""
    runner.check_out("third")
    assert not (runner.sdk / "bench/results").exists()
    prepared = runner.prepare()
    assert "results of the branch unladen-results are used" in prepared.text
    step = runner.run("site/site.sh")
    assert step.code == 0, step.text
    pages = Path(step.outputs["path"])
    assert pages == runner.sdk / "bench/html"
    assert (pages / "index.html").is_file()
    assert "90" in (pages / "tiny/changes.json").read_text()


def test_a_night_keeps_what_it_has_when_time_is_up(runner: Runner, tmp_path: Path) -> None:
    """An interrupt ends the run, which is no failure; an error is one."""
    fake = tmp_path / "bin" / "unladen"
    fake.parent.mkdir()
    fake.write_text('#!/bin/bash\ntrap "kill %1; exit 130" INT\necho at work\nsleep 60 & wait\n')
    fake.chmod(0o755)
    variables = {"PATH": f"{fake.parent}:/usr/bin:/bin", "RANGE": "NEW"}
    hurried = fake.with_name("timeout")
    hurried.write_text('#!/bin/bash\nexec /usr/bin/timeout "${@/#60/1}"\n')
    hurried.chmod(0o755)
    step = runner.run("nightly/measure.sh", MINUTES="1", **variables)
    assert (step.code, "out of time" in step.text) == (0, True), step.text
    fake.write_text("#!/bin/bash\nexit 2\n")
    step = runner.run("nightly/measure.sh", MINUTES="1", **variables)
    assert (step.code, "ended with exit code 2" in step.text) == (2, True), step.text


def test_nobody_may_push(runner: Runner, tmp_path: Path) -> None:
    """The token is not in what git says, and the branch is as it was."""
    runner.check_out("second")
    results = runner.sdk / "bench/results/tiny"
    results.mkdir(parents=True)
    (results / "new.txt").write_text("new\n")
    hook = runner.remote / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    try:
        step = runner.run("nightly/push.sh", TOKEN="a-secret", SERVER="https://example.org")
    finally:
        hook.unlink()
    assert step.code == 1
    assert "does the job have contents: write?" in step.text
    assert "a-secret" not in step.text


def test_what_a_commit_says_of_changes_is_not_replaced(runner: Runner) -> None:
    """That on the branch of results is older than what a pull request says."""
    runner.check_out("second")
    said = runner.sdk / "bench/results/tiny/triage.json"
    other = said.with_name("other.txt")
    said.parent.mkdir(parents=True)
    said.write_text("older\n")
    other.write_text("stored\n")
    assert runner.run("nightly/push.sh").code == 0
    runner.check_out("second")
    assert runner.prepare().code == 0
    assert (said.read_text(), other.read_text()) == ("older\n", "stored\n")  # it is not tracked

    said.write_text("newer\n")
    git(runner.sdk, "add", "--force", str(said))
    git(runner.sdk, "commit", "--quiet", "--message", "it may be")
    other.unlink()
    assert runner.prepare().code == 0
    assert (said.read_text(), other.read_text()) == ("newer\n", "stored\n")
