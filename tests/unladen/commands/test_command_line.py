from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
from asv.results import Results
from interrupting import wait_for_text
from tiny_project import TinyProject

pytestmark = pytest.mark.slow

RUN = ("--target", "tiny", "run", "--machine", "lab")


def started(project: TinyProject, commit: str) -> dict[str, int]:
    return dict(Results.load(str(project.results_file(commit))).started_at)


def ends(process_id: int) -> bool:
    """Whether a process is gone within a minute, having been told to end."""
    for _ in range(600):
        try:
            os.kill(process_id, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


def assert_refused(found: subprocess.CompletedProcess[str], said: str) -> None:
    assert found.returncode == 2, found.stdout + found.stderr
    (line,) = found.stderr.splitlines()
    assert line.startswith("unladen: ")
    assert said in line
    assert "Traceback" not in found.stdout


def test_a_run_without_a_range_measures_the_commits_in_scope(
    first_run: subprocess.CompletedProcess[str], measured: TinyProject
) -> None:
    assert first_run.returncode == 3
    commits = {file.name[:8] for file in measured.results.glob("*-*.json")}
    in_scope = ("first", "unimportable", "raising", "good")
    assert commits == {measured.history.commits[name][:8] for name in in_scope}
    assert "To see them: unladen --target tiny table" in first_run.stdout
    machines = json.loads((measured.home / ".asv-machine.json").read_text())
    assert "lab" in machines


def test_a_second_run_measures_only_what_has_no_good_value(measured: TinyProject) -> None:
    names = ("first", "unimportable", "raising", "good")
    before = {name: started(measured, name) for name in names}
    again = measured.unladen(*RUN)
    assert again.returncode == 3
    for name in names:
        after = started(measured, name)
        changed = {series for series in after if after[series] != before[name][series]}
        broken = {"work.Work.track_value"} if name in ("unimportable", "raising") else set()
        assert changed == broken


def test_a_run_with_nothing_left_says_so_and_writes_no_results(measured: TinyProject) -> None:
    before = {name: text for name, text in measured.digest().items() if "lab/" in name}
    again = measured.unladen(*RUN, "--bench", "track_seconds")
    assert again.returncode == 0
    assert "Nothing to measure: all 4 commits in scope" in again.stdout
    after = {name: text for name, text in measured.digest().items() if "lab/" in name}
    assert after == before


def test_a_pattern_that_finds_no_benchmark_is_refused(measured: TinyProject) -> None:
    near = "no series is called 'work.Work.valeu'; did you mean work.Work.value?"
    machine = ("--machine", "lab")
    assert_ends_refused(measured.unladen(*RUN, "--bench", "work.Work.valeu"), near)
    again = measured.unladen("--target", "tiny", "find", "main^!", "work.Work.valeu", *machine)
    assert_ends_refused(again, near)


def assert_ends_refused(found: subprocess.CompletedProcess[str], said: str) -> None:
    assert found.returncode == 2, found.stdout + found.stderr
    assert found.stderr.splitlines()[-1] == f"unladen: {said}"


def test_a_benchmark_is_found_by_the_name_that_is_shown(measured: TinyProject) -> None:
    for pattern in ("work.Work.value", "Work.track_value", r"Work.value\('a'\)"):
        found = measured.unladen(*RUN, "main^!", "--bench", pattern, "--dry-run")
        assert found.returncode == 0, found.stdout + found.stderr
        assert "1 benchmarks)" in found.stdout


def test_a_range_is_measured_again_and_filtered_by_path(measured: TinyProject) -> None:
    before = started(measured, "first")
    commits = measured.history.commits
    span = f"{commits['elsewhere']}..{commits['unimportable']}"
    found = measured.unladen(*RUN, span, "--bench", "track_seconds")
    assert found.returncode == 0, found.stderr
    assert "(1 commits * 1 environments * 1 benchmarks)" in found.stdout
    assert started(measured, "first") == before


def test_new_measures_the_commits_after_the_newest_with_results(measured: TinyProject) -> None:
    measured.results_file("good").unlink()
    found = measured.unladen(*RUN, "NEW", "--bench", "track_seconds")
    assert "(1 commits" in found.stdout
    assert measured.results_file("good").exists()
    assert_refused(measured.unladen(*RUN, "NEW"), " in range 'NEW': to measure one commit: unladen")


def test_other_ways_to_name_commits_are_asv_s(measured: TinyProject) -> None:
    (measured.folder / "hashes").write_text(measured.history.commits["first"])
    for commits in ("main^!", "HASHFILE:hashes", "HEAD"):
        found = measured.unladen(*RUN, commits, "--bench", "track_seconds")
        assert found.returncode == 0, found.stdout + found.stderr
        assert "(1 commits" in found.stdout


def test_flags_of_the_user_win(measured: TinyProject) -> None:
    found = measured.unladen(*RUN, "--skip-existing", "--bench", "track_value")
    assert found.returncode == 0
    assert "Results of" not in found.stdout


@pytest.mark.parametrize("launch_method", ["spawn", "forkserver"])
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_keeps_the_finished_commits(
    measured: TinyProject, launch_method: str, sent: signal.Signals
) -> None:
    for name in ("good", "raising"):
        measured.results_file(name).unlink()
    benchmarks = measured.folder / "benchmarks" / "work.py"
    marker = measured.folder / "running"
    commit = measured.history.commits["raising"]
    benchmarks.write_text(
        "import os, pathlib, time\n\n"
        "def track_seconds():\n"
        f"    if os.environ['ASV_COMMIT'] == '{commit}':\n"
        f"        pathlib.Path({str(marker)!r}).write_text(str(os.getpid()))\n"
        "        time.sleep(600)\n"
        "    return 1\n"
    )
    command = [sys.executable, "-m", "unladen", *RUN, "--launch-method", launch_method]
    with subprocess.Popen(
        command,
        cwd=measured.folder,
        env=measured.variables(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A job that a script started in the background ignores SIGINT, and its children do too.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        wait_for_text(marker, process)
        process.send_signal(sent)
        _, errors = process.communicate()
    assert process.returncode == 130
    assert errors == "unladen: interrupted; the results of 1 commit are saved\n"
    assert measured.results_file("good").exists()
    assert not list(measured.results.glob(f"{commit[:8]}-*.json"))
    assert ends(int(marker.read_text()))


def break_result(project: TinyProject) -> None:
    project.results_file("first").write_text('{"half": ')


def age_result(project: TinyProject) -> None:
    file = project.results_file("first")
    file.write_text(json.dumps({**json.loads(file.read_text()), "version": 1}))


def empty_result(project: TinyProject) -> None:
    project.results_file("first").write_text('{"version": 2}')


def lose_machine(project: TinyProject) -> None:
    (project.results / "machine.json").unlink()


def break_benchmarks(project: TinyProject) -> None:
    (project.results.parent / "benchmarks.json").write_text("")


def break_record(project: TinyProject) -> None:
    next(project.results.glob("*.record")).write_text("{")


def remove_driver(project: TinyProject) -> None:
    (project.target / "driver.py").unlink()


def break_driver(project: TinyProject) -> None:
    (project.target / "driver.py").write_text("TARGET = (")


def malform_driver(project: TinyProject) -> None:
    (project.target / "driver.py").write_text("TARGET = 'MALFORMED'\n")


def break_conf(project: TinyProject) -> None:
    (project.target / "asv.conf.json").write_text("{")


def remove_lock(project: TinyProject) -> None:
    (project.target / "requirements.txt").unlink()


def wrong_branch(project: TinyProject) -> None:
    project.change_conf(branches=["nowhere"])


def no_commit_in_scope(project: TinyProject) -> None:
    project.change_conf(paths=["not/there"])


@pytest.mark.parametrize("command", [("run",), ("continuous", "main~1", "main")])
@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (break_result, "-unladen-py"),
        (age_result, "-unladen-py"),
        (empty_result, "-unladen-py"),
        (lose_machine, "has no machine.json"),
        (break_benchmarks, "benchmarks.json"),
        (break_record, ".record"),
        (remove_driver, "no such driver"),
        (break_driver, "driver.py: line 1"),
        (break_conf, "not a readable conf"),
    ],
)
def test_a_bad_input_is_refused_and_nothing_is_overwritten(
    measured: TinyProject,
    command: tuple[str, ...],
    damage: Callable[[TinyProject], None],
    said: str,
) -> None:
    damage(measured)
    before = measured.digest()
    found = measured.unladen("--target", "tiny", *command, "--machine", "lab")
    assert_refused(found, said)
    assert measured.digest() == before


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (malform_driver, "driver.py: TARGET.imports must list at least one module"),
        (remove_lock, "there is no lock file"),
        (wrong_branch, "there is no branch nowhere in the repository; there is main"),
        (no_commit_in_scope, 'in branches main: see "branches" and "paths" in '),
    ],
)
def test_what_a_run_finds_wrong_is_one_line(
    measured: TinyProject, damage: Callable[[TinyProject], None], said: str
) -> None:
    damage(measured)
    before = measured.digest()
    assert_refused(measured.unladen(*RUN), said)
    assert measured.digest() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--target", "nothing", "run"), "known targets: "),
        (("--target", "tiny", "fly"), "there is no command 'fly'"),
        (("--target", "tiny", "run", "--fly"), "unrecognized arguments: --fly"),
        (("--target", "tiny", "run", "main..main"), "no commit lies after main up to main"),
        (("--target", "tiny", "run", "nowhere..main"), "no such commit, branch or tag: nowhere"),
        (("--target", "tiny", "run", "nowhere"), "no such commit, branch or tag: nowhere"),
        (
            ("--target", "tiny", "continuous", "nowhere", "main"),
            "no such commit, branch or tag: nowhere",
        ),
        (("--target", "tiny", "--config", "x", "run"), "not allowed with"),
        (("--config", "x/asv.conf.json", "run"), "not found"),
        ((), "COMMAND"),
    ],
)
def test_bad_arguments_are_refused_in_one_line(
    measured: TinyProject, arguments: tuple[str, ...], said: str
) -> None:
    before = measured.digest()
    assert_refused(measured.unladen(*arguments), said)
    assert measured.digest() == before


@pytest.mark.parametrize("clone", ["", "/nowhere", "{folder}"])
def test_a_missing_repository_is_refused_in_one_line(measured: TinyProject, clone: str) -> None:
    measured.change_conf(repo=f"file://{measured.folder}/nowhere.git")
    before = measured.digest()
    found = measured.unladen(*RUN, UNLADEN_REPO_TINY=clone.format(folder=measured.folder))
    assert_refused(found, "UNLADEN_REPO_TINY=")
    assert measured.digest() == before
    assert_refused(
        measured.unladen("run", "--target", "tiny", UNLADEN_REPO_TINY=""), "cannot clone"
    )


def test_the_option_is_accepted_after_the_command(measured: TinyProject) -> None:
    shown = measured.unladen("show", "--target", "tiny")
    assert shown.returncode == 0
    assert "unladen-py" in shown.stdout


def test_the_exit_codes_are_documented(shared: TinyProject) -> None:
    helped = shared.unladen("--help")
    assert helped.returncode == 0
    for code in ("0 ", "1 ", "2 ", "3 ", "130 "):
        assert f"\n  {code}" in helped.stdout


def test_the_help_of_run_says_what_it_chooses_here(shared: TinyProject) -> None:
    helped = shared.unladen("run", "--help")
    assert helped.returncode == 0
    said = " ".join(helped.stdout.split())
    assert "Without it: ALL, without what has a good value" in said
    assert "head of each configured" not in said  # that is asv's


def test_a_changed_lock_means_another_environment(measured: TinyProject) -> None:
    lock = measured.target / "requirements.txt"
    lock.write_text(lock.read_text() + "--no-such-option\n")
    measured.change_conf(env_dir="env")
    refused = measured.unladen("--target", "tiny", "run", "main^!", "--machine", "lab")
    assert_refused(refused, "pip could not install")
    left = {path.name for path in (measured.target / "env").iterdir()}
    assert left == {"unladen.measure.lock", "target.json"}


def test_plain_asv_works_through_the_plugin(measured: TinyProject) -> None:
    conf = ("--config", "targets/tiny/asv.conf.json")
    before = started(measured, "good")
    ran = measured.asv("run", *conf, "main^!", "--machine", "lab", "--bench", "track_seconds")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert started(measured, "good")["work.track_seconds"] > before["work.track_seconds"]

    failed = measured.asv("run", *conf, "main~1^!", "--machine", "lab")
    assert failed.returncode == 2

    published = measured.asv("publish", *conf)
    assert published.returncode == 0, published.stdout + published.stderr
    assert ".record" not in published.stdout
    index = json.loads((measured.folder / "html" / "tiny" / "index.json").read_text())
    assert "work.Work.track_value" in index["benchmarks"]
    assert index["graph_param_list"]

    shown = measured.asv("show", *conf, measured.history.commits["good"])
    assert "work.Work.track_value" in shown.stdout


def test_plain_asv_says_what_is_wrong_with_the_repository(measured: TinyProject) -> None:
    conf = ("--config", "targets/tiny/asv.conf.json")
    refused = measured.asv("publish", *conf, UNLADEN_REPO_TINY="/nowhere")
    assert refused.returncode == 1
    assert "UNLADEN_REPO_TINY=/nowhere: no such folder" in refused.stdout
    assert "Traceback" not in refused.stderr


def test_continuous_and_find_work(measured: TinyProject) -> None:
    commits = measured.history.commits
    pair = (commits["first"], commits["good"])
    worse = measured.unladen(
        "--target", "tiny", "continuous", *pair, "--machine", "lab", "--bench", r"track_value\('a'"
    )
    assert worse.returncode == 1, worse.stdout + worse.stderr
    assert "PERFORMANCE DECREASED" in worse.stdout
    same = measured.unladen(
        "--target", "tiny", "continuous", *pair, "--machine", "lab", "--bench", "track_seconds"
    )
    assert same.returncode == 0

    found = measured.unladen(
        *("--target", "tiny", "find", f"{commits['first']}..main", "work.track_seconds"),
        *("--machine", "lab"),
    )
    assert found.returncode == 0, found.stdout + found.stderr
