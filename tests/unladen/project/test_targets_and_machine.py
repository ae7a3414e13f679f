from __future__ import annotations

import json
import platform
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest
from asv.machine import Machine
from tiny_project import CONF, REPOSITORY_ROOT

import unladen
from unladen.asv_bridge import machine
from unladen.asv_bridge.machine import ensure_machine, machine_folder
from unladen.errors import UserError
from unladen.project import targets
from unladen.project.sample import put_sample
from unladen.repo.patches.series import series_folder


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "targets" / "tiny"
    folder.mkdir(parents=True)
    (folder / "asv.conf.json").write_text(json.dumps(CONF))
    (folder / "driver.py").write_text("TARGET = 1\n")
    return folder


def refusal(conf: Path) -> str:
    with pytest.raises(UserError) as caught:
        targets.load_target(conf)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_a_target_is_found_in_the_working_directory(target: Path) -> None:
    conf = targets.find("tiny")
    assert conf == target / "asv.conf.json"
    assert targets.load_target(conf).name == "tiny"


@pytest.mark.parametrize("name", ["nothing", "../targets/tiny", ".", ""])
def test_an_unknown_target_is_refused_with_the_known_ones(target: Path, name: str) -> None:
    del target
    with pytest.raises(UserError, match=r"known targets: .*tiny"):
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
def default_conf(target: Path) -> Path:
    """The conf beside ``targets``; no target has its own."""
    (target / "asv.conf.json").unlink()
    conf = target.parent.parent / "asv.conf.json"
    conf.write_text(json.dumps(CONF))
    return conf


def test_the_conf_beside_the_targets_is_that_of_its_project(default_conf: Path) -> None:
    assert targets.find("tiny") == default_conf
    assert targets.load_target(default_conf).name == "tiny"
    assert "tiny" in targets.known_targets()
    assert targets.load_project(None).name == "tiny"


def test_a_driver_may_be_a_package(target: Path) -> None:
    (target / "driver.py").unlink()
    package = target / "driver"
    package.mkdir()
    (package / "__init__.py").write_text("x = 1")
    with pytest.raises(UserError, match=r"driver/__init__\.py: must define TARGET"):
        targets.check_driver(targets.driver_of(target))
    (package / "__init__.py").write_text("TARGET = 1")
    targets.check_driver(targets.driver_of(target))


def test_the_default_target_needs_a_driver_in_its_folder(default_conf: Path, target: Path) -> None:
    (target / "driver.py").unlink()
    assert f"{target / 'driver.py'}: there is no such driver" in refusal(default_conf)
    assert "tiny" not in targets.known_targets()
    with pytest.raises(UserError, match="there is no target 'tiny'"):
        targets.find("tiny")


@pytest.mark.parametrize("text", ["{ not json", "[1]", "{}", '{"project": "../tiny"}'])
def test_a_conf_beside_the_targets_may_be_nobodys(default_conf: Path, text: str) -> None:
    default_conf.write_text(text)
    assert "tiny" not in targets.known_targets()


def test_the_default_target_is_checked_where_it_is_not_named(default_conf: Path) -> None:
    default_conf.write_text(json.dumps({**CONF, "lock": ""}))
    with pytest.raises(UserError, match="missing: lock"):
        targets.load_project(None)


def test_a_target_s_own_conf_comes_first(default_conf: Path, target: Path) -> None:
    own = target / "asv.conf.json"
    own.write_text(default_conf.read_text())
    assert targets.find("tiny") == own


def test_the_default_subject_of_this_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPOSITORY_ROOT)
    conf = targets.find("parley")
    assert conf == REPOSITORY_ROOT / "asv.conf.json"
    found = targets.load_target(conf)
    assert series_folder(found.repo) == REPOSITORY_ROOT / "mocks" / "parley" / "patches"
    assert found.benchmark_dir == REPOSITORY_ROOT / "benchmarks"


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
    with pytest.raises(UserError):
        ensure_machine("lab")
    assert machines.read_text() == "{ half"


@pytest.fixture
def plugged() -> Iterator[None]:
    """asv as the plugin leaves it, even if set up twice; afterwards as it was."""
    before = Machine.__dict__["load"]
    machine.install()
    first = Machine.__dict__["load"]
    machine.install()
    assert Machine.__dict__["load"] is first
    yield
    Machine.load = before


@pytest.mark.usefixtures("plugged")
@pytest.mark.parametrize("name", ["lab", None])
def test_plain_asv_describes_an_unknown_machine_without_asking(
    machines: Path, name: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    loaded = Machine.load(machine_name=name, interactive=True)
    host = Machine.get_unique_machine_name()
    assert (loaded.machine, loaded.os) == (name or host, platform.system())
    assert set(json.loads(machines.read_text())) == {"version", name or host}
    assert Machine.load(machine_name=name, interactive=True).machine == (name or host)
    assert capsys.readouterr() == ("", "")


@pytest.mark.usefixtures("plugged")
def test_asv_machine_still_asks(machines: Path) -> None:
    with pytest.raises(UserError, match="at the console"):
        Machine.load(force_interactive=True)
    assert not machines.exists()


def test_the_version_is_the_distribution_s() -> None:
    assert unladen.__version__ == version("unladen")


def test_the_nearest_conf_is_meant_and_beside_an_sdk_s_own_ours(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    for folder in (tmp_path, tmp_path / "unladen-bench", tmp_path / "a"):
        folder.mkdir(exist_ok=True)
        (folder / "asv.conf.json").write_text("{}")
    assert targets.folder_of_conf(inner) == tmp_path / "a"
    assert targets.folder_of_conf(tmp_path) == tmp_path / "unladen-bench"
    assert targets.folder_of_conf(tmp_path / "unladen-bench") == tmp_path / "unladen-bench"


def test_the_sample_goes_into_an_empty_folder_only(tmp_path: Path) -> None:
    (tmp_path / ".cache").mkdir()
    (tmp_path / "env").mkdir()
    (tmp_path / "env" / "pyvenv.cfg").write_text("home = /usr/bin\n")
    put_sample(tmp_path)
    assert targets.load_target(tmp_path / "asv.conf.json").name == "parley"
    with pytest.raises(UserError, match="wants an empty folder"):
        put_sample(tmp_path)
