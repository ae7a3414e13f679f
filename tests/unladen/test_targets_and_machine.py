from __future__ import annotations

import json
import platform
import tomllib
from pathlib import Path

import pytest
from asv import util
from asv.machine import Machine
from tiny_project import CONF, REPOSITORY_ROOT

import unladen
from unladen import targets
from unladen.machine import ensure_machine, machine_folder


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "targets" / "tiny"
    folder.mkdir(parents=True)
    (folder / "asv.conf.json").write_text(json.dumps(CONF))
    (folder / "driver.py").write_text("TARGET = 1\n")
    return folder


def refusal(conf: Path) -> str:
    with pytest.raises(util.UserError) as caught:
        targets.conf_of(conf)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_a_target_is_found_in_the_working_directory(target: Path) -> None:
    conf = targets.find("tiny")
    assert conf == target / "asv.conf.json"
    assert targets.conf_of(conf).project == "tiny"


@pytest.mark.parametrize("name", ["nothing", "../targets/tiny", ".", ""])
def test_an_unknown_target_is_refused_with_the_known_ones(target: Path, name: str) -> None:
    del target
    with pytest.raises(util.UserError, match=r"known targets: .*tiny"):
        targets.find(name)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("{ not json", "not a readable conf"),
        ("[1]", "No version specified"),
        (json.dumps({**CONF, "lock": ""}), "missing: lock"),
        (json.dumps({k: v for k, v in CONF.items() if k != "html_dir"}), "missing: html_dir"),
        (json.dumps({**CONF, "dvcs": "git"}), '"dvcs" must be "unladen"'),
        (json.dumps({**CONF, "project": "other"}), '"project" must be "tiny"'),
        (json.dumps({**CONF, "plugins": ["x"]}), '"plugins" must contain'),
        (json.dumps({**CONF, "paths": "lib"}), '"paths" must be a list'),
    ],
)
def test_a_malformed_conf_is_refused(target: Path, change: str, said: str) -> None:
    conf = target / "asv.conf.json"
    conf.write_text(change)
    assert said in refusal(conf)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (None, "no such driver"),
        (b"TARGET = (", "line 1"),
        (b"TARGET: int\n", "must define TARGET"),
        (b"def f():\n    TARGET = 1\n", "must define TARGET"),
        (b"return 1\nTARGET = 1\n", "line 1"),
        (b"TARGET = 1\0", "driver.py"),
    ],
)
def test_a_malformed_driver_is_refused_without_running_it(
    target: Path, source: bytes | None, said: str
) -> None:
    driver = target / "driver.py"
    driver.unlink()
    if source is not None:
        driver.write_bytes(source)
    assert said in refusal(target / "asv.conf.json")


@pytest.mark.parametrize(
    "source",
    ["TARGET = 1 / 0", "TARGET: int = 1", "from x import TARGET", "from x import y as TARGET"],
)
def test_a_driver_that_defines_its_target_is_accepted(target: Path, source: str) -> None:
    (target / "driver.py").write_text(source)
    targets.check_driver(target / "driver.py")


@pytest.fixture
def machines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path / ".asv-machine.json"


def test_an_unknown_machine_is_described_without_its_kernel(machines: Path) -> None:
    assert ensure_machine("lab")
    described = json.loads(machines.read_text())["lab"]
    assert described == {**Machine.get_defaults(), "machine": "lab", "os": platform.system()}
    assert not ensure_machine("lab")


def test_a_known_machine_is_left_as_it_is(machines: Path) -> None:
    machines.write_text(json.dumps({"version": 1, "frozen": {"machine": "frozen"}}))
    before = machines.read_text()
    assert not ensure_machine("frozen")
    assert not ensure_machine(None)
    assert machines.read_text() == before
    assert ensure_machine("second")
    assert set(json.loads(machines.read_text())) == {"version", "frozen", "second"}


def test_results_go_where_asv_puts_them(machines: Path) -> None:
    host = Machine.get_unique_machine_name()
    assert machine_folder(None) == host
    assert machine_folder("lab") == "lab"
    machines.write_text(json.dumps({"version": 1, "frozen": {"machine": "frozen"}}))
    assert machine_folder(None) == Machine.load().machine == "frozen"
    assert machine_folder("frozen") == "frozen"
    ensure_machine("second")
    assert machine_folder(None) == host


def test_a_malformed_machine_file_is_refused_and_kept(machines: Path) -> None:
    machines.write_text("{ half")
    with pytest.raises(util.UserError):
        ensure_machine("lab")
    assert machines.read_text() == "{ half"


def test_the_version_is_the_distribution_s() -> None:
    project = tomllib.loads((REPOSITORY_ROOT / "pyproject.toml").read_text())["project"]
    assert unladen.__version__ == project["version"]
