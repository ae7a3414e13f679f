"""``unladen load`` on a target, with a made-up engine in place of the virtual one."""

from __future__ import annotations

import json
import shlex
import shutil
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
from interrupting import HUNG, wait_for_text
from made_load import end, failed, plan, row, texts, users
from tiny_project import TinyProject

from unladen.results.loads import read_load

pytestmark = pytest.mark.slow

ENGINE = """
import json, os, pathlib, sys, time
given = pathlib.Path(__file__).with_name("given.json")
given.write_text(json.dumps([os.environ["UNLADEN_TARGET"], *sys.argv[1:]]))
print(pathlib.Path(__file__).with_name("rows.txt").read_text(), end="", flush=True)
exec(pathlib.Path(__file__).with_name("then.txt").read_text())
"""

RAMP = plan(profile="ramp", duration_s=600.0, limit_per_minute=60)
PLAYED = [
    *(users(60.0 * n, n + 1) for n in range(10)),
    *(row(3.0 * n, 1.1, user=n % 10, calls=1) for n in range(195)),
]
WHOLE = [RAMP, *sorted(PLAYED, key=lambda line: line.get("at", line.get("ended"))), end(600.0)]
FAILING = [*WHOLE[:-1], *(failed(590.0, 0.1, "quota", status=429) for _ in range(20)), end(600.0)]


@dataclass
class Engine:
    """What stands in for the service part of the suite, in a project of its own."""

    project: TinyProject

    def plays(self, lines: Sequence[dict[str, Any]], then: str = "") -> None:
        folder = self.project.folder / "benchmarks" / "service"
        folder.mkdir(exist_ok=True)
        (folder / "__init__.py").touch()
        (folder / "load.py").write_text(ENGINE)
        (folder / "rows.txt").write_text("".join(f"{text}\n" for text in texts(lines)))
        (folder / "then.txt").write_text(then)

    @property
    def given(self) -> list[str]:
        text = (self.project.folder / "benchmarks" / "service" / "given.json").read_text()
        found: list[str] = json.loads(text)
        return found

    @property
    def report(self) -> Path:
        return self.project.folder / "load-report"

    def load(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.project.unladen("--target", "tiny", "load", *arguments)


@pytest.fixture(scope="module")
def engine(
    tmp_path_factory: pytest.TempPathFactory,
    shared: TinyProject,
    first_run: subprocess.CompletedProcess[str],
) -> Engine:
    assert first_run.returncode == 3
    return Engine(shared.copy(tmp_path_factory.mktemp("load") / "project"))


def test_a_load_whose_criteria_are_met(engine: Engine) -> None:
    engine.plays(WHOLE)
    done = engine.load("--profile", "ramp", "-u", "10", "--think", "5", "20", "--mix=70/20/10")
    assert done.returncode == 0, done.stderr
    assert engine.given == [
        *("tiny", "--profile=ramp", "--users=10", "--mix=70/20/10", "--think", "5", "20")
    ]
    assert "195 requests" in done.stdout
    assert "Chat p95 under 10 s" in done.stdout
    assert "The planning formula says" in done.stdout
    assert len([line for line in done.stderr.splitlines() if " s  " in line]) in range(30, 42)
    written = json.loads((engine.report / "load.json").read_text())
    assert written["exit_code"] == 0
    ((low, high, number),) = written["total"]["latency_histogram"]
    assert low <= 1.1 < high
    assert number == 195
    assert written["total"]["time_to_first_token_histogram"] == []
    assert written["total"]["latency"]["p99"] == pytest.approx(1.1)
    assert (engine.report / "rows.jsonl").read_text().count("\n") == len(WHOLE)
    assert "Chat p95 under 10 s" in (engine.report / "load.html").read_text()
    (suite,) = ET.parse(engine.report / "load.xml").getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("6", "0")


def test_equal_loads_give_equal_bytes(engine: Engine) -> None:
    engine.plays(WHOLE)
    contents = []
    for name in ("one", "two"):
        folder = engine.project.folder / name
        assert engine.load("-o", str(folder)).returncode == 0
        contents.append({file.name: file.read_bytes() for file in folder.iterdir()})
    assert contents[0] == contents[1]
    assert set(contents[0]) == {"load.html", "load.json", "load.xml", "rows.jsonl"}


def test_one_that_is_not_met(engine: Engine) -> None:
    engine.plays(FAILING)
    done = engine.load("--profile", "ramp")
    assert done.returncode == 1, done.stderr
    assert "not met" in done.stdout
    assert "status" not in done.stderr


def test_criteria_of_ones_own(engine: Engine, tmp_path: Path) -> None:
    engine.plays(FAILING)
    own = tmp_path / "own.toml"
    own.write_text('[[criterion]]\nfigure = "latency.p95"\nbelow = 2\n')
    assert engine.load("--profile", "ramp", "--accept", str(own)).returncode == 0
    own.write_text('[[criterion]]\nfigure = "latency.p95"\nbelow = 1\n')
    assert engine.load("--profile", "ramp", "--accept", str(own)).returncode == 1
    own.write_text('[[criterion]]\nfigure = "facts.lost"\nbelow = 1\n')
    assert engine.load("--profile", "ramp", "--accept", str(own)).returncode == 3


def test_what_is_kept_is_what_its_command_gives_again(engine: Engine) -> None:
    engine.plays(WHOLE)
    folder = engine.project.folder / "targets" / "tiny" / "loads"
    done = engine.load("--profile", "ramp", "-u", "10", "--keep", "ramp")
    assert done.returncode == 0, done.stderr
    first = (folder / "ramp.json").read_bytes()
    load = read_load(folder / "ramp.json")
    assert load.figures["requests"] == 195
    *command, last = shlex.split(load.command)
    assert command[:4] == ["unladen", "--target", "tiny", "load"]
    assert (len(command[4]), last) == (8, "--keep=ramp")
    (folder / "ramp.json").unlink()
    assert engine.load(*command[4:], last).returncode == 0
    assert (folder / "ramp.json").read_bytes() == first


def test_what_breaks_off_is_kept_with_the_reason(engine: Engine) -> None:
    engine.plays(
        WHOLE[:-1], "print('unladen: it froze at main.py:3', file=sys.stderr); sys.exit(3)"
    )
    assert engine.load("--profile", "ramp", "--keep", "frozen").returncode == 2
    file = engine.project.folder / "targets" / "tiny" / "loads" / "frozen.json"
    assert read_load(file).trouble == "it froze at main.py:3"


def test_a_player_of_the_targets_own_plays(engine: Engine) -> None:
    engine.plays(WHOLE)
    done = engine.load("--player", "targets.tiny.nobody")
    assert done.returncode == 2
    assert "No module named targets.tiny.nobody" in done.stderr
    done = engine.load("--player", "benchmarks.service.load", "-u", "3")
    assert done.returncode == 0, done.stderr
    assert engine.given == ["tiny", "--users=3"]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--url", "http://127.0.0.1:1", "--keep", "x"], "--keep is for a target"),
        (["--accept", "own.toml", "--keep", "x"], "--keep is for profiles and criteria"),
        (["--profile", "own.toml", "--keep", "x"], "--keep is for profiles and criteria"),
        (["--keep", "../x"], "a load cannot be kept as"),
        (["--player", "x", "--process"], "--player plays one virtual load"),
    ],
)
def test_what_could_not_be_repeated_is_not_kept(
    engine: Engine, arguments: list[str], why: str
) -> None:
    done = engine.load(*arguments)
    assert done.returncode == 2
    assert why in done.stderr.splitlines()[-1]


def test_where_nothing_was_measured(engine: Engine) -> None:
    engine.plays([plan(), end()])
    done = engine.load()
    assert done.returncode == 3
    assert "0 requests" in done.stdout


@pytest.mark.parametrize(
    ("then", "said"),
    [
        ("sys.exit('unladen: the service did not start: no port')", "did not start: no port"),
        ("raise ValueError('of the engine')", "ValueError: of the engine"),
        ("", "it did not come to its end"),
        ("print('what is this')", "line 3 of the load cannot be used"),
        ("os.kill(os.getpid(), 9)", "failed with code -9"),
    ],
)
def test_a_load_that_breaks_off_is_reported_all_the_same(
    engine: Engine, then: str, said: str
) -> None:
    engine.plays([plan(), row(0.0, 1.0)], then)
    done = engine.load()
    assert done.returncode == 2
    assert said in done.stderr.splitlines()[-1]
    assert done.stderr.count("unladen: ") == 1
    assert "Traceback" not in done.stderr
    assert "broken off" in done.stdout
    assert json.loads((engine.report / "load.json").read_text())["whole"] is False


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--accept", "nowhere.toml"], "it is not there"),
        (["--accept", ""], "must name a file"),
        (["--accept", "benchmarks"], "benchmarks is a folder: name a file"),
        (["-o", "benchmarks/__init__.py"], "cannot write into"),
        (["--url", "http://example.org"], "add --allow-remote"),
        (["--url", "http://ann:key@127.0.0.1"], "UNLADEN_LOAD_AUTHORIZATION"),
        (["--url", "nonsense"], "must be a URL"),
        (["--url", "http://127.0.0.1", "--virtual"], "not allowed with"),
        (["--workers", "2"], "--workers is for"),
        (["--workers", "2", "--capacity"], "--workers is for"),
        (["--server-workers", "2"], "--server-workers goes with --process"),
        (["--url", "http://127.0.0.1", "--server-workers", "2"], "goes with --process"),
        (["--process", "--allow-remote"], "--allow-remote goes with --url"),
        (["--url", "http://127.0.0.1", "--latency", "1"], "--latency is of the mock model"),
        (["main", "--url", "http://127.0.0.1"], "COMMIT is of a target"),
        (["--player", "benchmarks.mine", "--capacity"], "--player plays one virtual load"),
        (["nowhere"], "no such commit"),
        (["--capacity", "--process"], "--capacity is for"),
        (["--capacity", "-u", "many"], "--users must be"),
        ([""], "no such commit"),
    ],
)
def test_bad_usage_is_refused_in_one_line(engine: Engine, arguments: list[str], said: str) -> None:
    engine.plays(WHOLE)
    shutil.rmtree(engine.report, ignore_errors=True)
    done = engine.load(*arguments)
    assert done.returncode == 2, done.stdout
    assert not engine.report.exists()
    assert said in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_a_report_and_no_process(
    engine: Engine, tmp_path: Path, sent: signal.Signals
) -> None:
    marker = tmp_path / "marker"
    then = f"pathlib.Path({str(marker)!r}).write_text(str(os.getpid())); time.sleep(3600)"
    engine.plays([plan(), row(0.0, 1.0)], then)
    with subprocess.Popen(
        [sys.executable, "-m", "unladen", "--target", "tiny", "load"],
        cwd=engine.project.folder,
        env=engine.project.variables(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        wait_for_text(marker, process)
        process.send_signal(sent)
        output, errors = process.communicate(timeout=HUNG)
    assert process.returncode == 130, errors
    assert errors.splitlines()[-1].startswith("unladen: interrupted")
    assert "broken off" in output
    assert not psutil.pid_exists(int(marker.read_text()))


BY_USERS = """
users = next(int(word.partition("=")[2]) for word in sys.argv if word.startswith("--users="))
for n in range(20 * users):
    error = {"error": "quota", "status": 429} if users > 5 else {"status": 200}
    row = {"t": "row", "user": 1, "kind": "chat", "due": n, "started": n, "ended": n + 1, **error}
    print(json.dumps(row))
print(json.dumps({"t": "end", "seconds": 60, "facts": {"model_calls": 20 * users}}))
"""


def test_the_capacity_is_searched_for(engine: Engine) -> None:
    engine.plays([plan(limit_per_minute=60)], BY_USERS)
    done = engine.load("--capacity", "-u", "40")
    assert done.returncode == 0, done.stderr
    assert "met with up to 5 users at once, and not with 6, found by 6 loads" in " ".join(
        done.stdout.split()
    )
    assert "100 requests" in done.stdout
    written = json.loads((engine.report / "load.json").read_text())
    assert written["capacity"]["measured_users"] == 5
    assert [one["users"] for one in written["capacity"]["tried"]] == [1, 2, 4, 5, 6, 8]
    assert written["capacity"]["formula"]["most_users"] > 0
    assert "Loads tried" in (engine.report / "load.html").read_text()
    assert {file.name for file in engine.report.iterdir()} == {
        *("load.html", "load.json", "load.xml", "rows.jsonl")
    }
    assert (engine.report / "rows.jsonl").read_text().count("\n") == 102
    engine.plays([plan()], "sys.exit('unladen: no such model')")
    done = engine.load("--capacity")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (
        2,
        "unladen: the load broke off: no such model",
    )
