"""Finding targets, and what is said of a malformed driver."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, ClassVar

import pytest

from mocks.world import World
from targets import loading
from targets.loading import DriverError
from targets.protocol import Capability, Target

ROOT = Path(__file__).resolve().parents[2]
PROTOCOLS = ROOT / "targets" / "protocols"


class Talk(Capability[World, Any]):
    """A capability that is made up."""

    name: ClassVar[str] = "talk"


def bare(**given: Any) -> Target:
    return Target(name="bare", imports=("x",), **given)


@pytest.mark.parametrize("name", ["bare", "towow"])
def test_a_driver_loads_without_its_sdk(name: str) -> None:
    target = loading.load(name)
    assert target.name == name
    assert target.capabilities
    assert target.capability(Talk) is None


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (None, "must define TARGET = Target"),
        ({"name": "bare"}, "must define TARGET = Target"),
        (Target(name="other", imports=("x",)), "the project is 'bare'"),
        (Target(name="bare", imports=()), "at least one module"),
        (Target(name="bare", imports="floor"), "at least one module"),
        (bare(capabilities=3), "must be a list of those"),
        (bare(capabilities={"talk": print}), "must be a list of those"),
        (bare(capabilities=[print]), "must hold those of targets.protocols"),
        (bare(capabilities=[Talk(open=3)]), "talk: open must be a function"),  # type: ignore[arg-type]
        (bare(capabilities=[Talk(open=print)] * 2), "talk is given twice"),  # type: ignore[arg-type]
        (bare(environment="HOME=/tmp"), "environment must be a dictionary"),
        (bare(environment={"RETRIES": 3}), "'RETRIES' and its value must be texts"),
        (bare(environment={"A=B": ""}), "cannot be set"),
        (bare(environment={"PYTHONPATH": "x"}), "PYTHONPATH is not for a driver to set"),
    ],
)
def test_a_malformed_target_is_refused(target: object, message: str) -> None:
    with pytest.raises(DriverError, match=message):
        loading.check(target, "bare")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import sdk_nobody_has", "needs 'sdk_nobody_has': import it inside a function"),
        ("1 / 0", "fails at import: ZeroDivisionError"),
        ("def (", "fails at import: SyntaxError"),
        ("x = 1", "must define TARGET"),
    ],
)
def test_the_check_command_says_in_one_line_what_is_wrong(
    tmp_path: Path, code: str, message: str
) -> None:
    (tmp_path / "mocks").symlink_to(ROOT / "mocks")
    folder = tmp_path / "targets"
    folder.mkdir()
    for file in ("__init__.py", "check.py", "loading.py", "protocol.py"):
        (folder / file).write_text((ROOT / "targets" / file).read_text())
    (folder / "protocols").symlink_to(ROOT / "targets" / "protocols")
    (folder / "broken").mkdir()
    (folder / "broken" / "driver.py").write_text(code)
    done = subprocess.run(
        [sys.executable, "-m", "targets.check", "broken"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert message in done.stderr


def test_an_unknown_target_is_named() -> None:
    with pytest.raises(DriverError, match=r"there is no targets/nobody/driver\.py"):
        loading.load("nobody")


def test_the_target_under_test_is_asvs_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNLADEN_TARGET", "bare")
    monkeypatch.delenv("ASV_PROJECT", raising=False)
    assert loading.current_name() == "bare"
    monkeypatch.setenv("ASV_PROJECT", "towow")
    assert loading.current_name() == "towow"
    monkeypatch.delenv("ASV_PROJECT")
    monkeypatch.delenv("UNLADEN_TARGET")
    with pytest.raises(DriverError, match="set UNLADEN_TARGET"):
        loading.current_name()


def test_the_sdks_own_files_are_its_packages_folders() -> None:
    (folder,) = loading.package_files(loading.load("bare"))
    assert Path(folder) == ROOT / "targets" / "bare" / "floor"


def test_a_top_level_package_may_be_shared_with_others() -> None:
    modules = ("xml.dom", "xml.sax.handler")
    assert Target(name="x", imports=modules).own == ["xml"]
    names = Target(name="x", imports=("xml.dom:Node", "xml.dom", "json:loads", "xml.sax"))
    assert (names.own, names.modules) == (["json", "xml"], ["xml.dom", "json", "xml.sax"])
    shared = Target(name="x", imports=modules, packages=("xml.dom",))
    assert shared.own == ["xml.dom"]
    (folder,) = loading.package_files(shared)
    assert Path(folder).parts[-2:] == ("xml", "dom")


def test_a_driver_elsewhere_and_what_is_beside_it(tmp_path: Path) -> None:
    (tmp_path / "driver.py").write_text(
        "from targets.protocol import Target\n"
        "from .beside import Talk, open_it\n"
        "can = [Talk(open=open_it)]\n"
        'TARGET = Target(name="my-sdk", imports=("json",), capabilities=can)\n'
    )
    (tmp_path / "beside.py").write_text(
        "from targets.protocol import Capability\n"
        'class Talk(Capability): name = "talk"\n'
        "def open_it(world): ...\n"
    )

    def checked(name: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "targets.check", name],
            cwd=ROOT,
            env={**os.environ, "UNLADEN_TARGET_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
        )

    others = [f"{file.stem}: no\n" for file in PROTOCOLS.glob("[!_]*.py")]
    listed = "".join(sorted([*others, "talk: yes\n"]))
    done = checked("my-sdk")
    assert (done.returncode, done.stdout, done.stderr) == (0, listed, "")
    other = checked("other")
    assert other.returncode == 2
    assert other.stderr == (
        f"{tmp_path / 'driver.py'}: TARGET.name is 'my-sdk', the project is 'other'\n"
    )


def test_what_stands_beside_a_driver_is_found_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {
        "driver.py": "from targets.protocol import Target\n"
        'TARGET = Target(name="beside-sdk", imports=("json",))\n',
        "kinds.py": "from targets.protocol import Capability\n"
        'class Loudly(Capability): name = "talk.loudly"\n'
        'class Softly(Capability): name = "talk.softly"\n'
        'class Not(Capability): name = "talk.not"\n',
        "talk_loudly.py": "from .kinds import Loudly\nOFFERED = Loudly(open=print)\n",
        "talk_softly.py": "OFFERED = 1\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    monkeypatch.setenv("UNLADEN_TARGET_DIR", str(tmp_path))
    loading.load("beside-sdk")
    kinds = importlib.import_module("targets.beside-sdk.kinds")
    offered = loading.part("beside-sdk", kinds.Loudly)
    assert offered is not None
    assert offered.open is print
    assert loading.part("beside-sdk", kinds.Not) is None
    with pytest.raises(DriverError, match=r"talk_softly must define OFFERED = Softly"):
        loading.part("beside-sdk", kinds.Softly)
