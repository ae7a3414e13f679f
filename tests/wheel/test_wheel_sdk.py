"""From ``unladen init`` in an SDK's own repository to its site, with nothing but the wheel."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from made_runner import Runner
from made_sdk_repository import CAPABILITY, made_sdk, put_sdk_into_driver
from made_wheel import ROOT, Installed
from tiny_project import git

pytestmark = pytest.mark.slow

MAKESPAN = rf"{CAPABILITY}\.baseline\..*makespan"
IMPORT = r"imports\..*modules"
LATENCY = r"\.Request\.track_latency"

OFFERED = sorted(file.parent.name for file in ROOT.glob("targets/templates/*/requirements.txt"))
"""The capabilities that a driver begins with."""


@pytest.fixture(scope="module")
def begun(installed: Installed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository after ``unladen init --yes --github`` with all capabilities, and its
    environment made."""
    folder = made_sdk(tmp_path_factory.mktemp("sdk") / "my-sdk")
    named = [f"--capability={name}" for name in OFFERED]
    said = installed.said("unladen", "init", "--yes", "--github", *named, cwd=folder / "src")
    assert said.startswith("my-sdk: src/my_sdk, imported as my_sdk; branch main; Python 3.")
    assert said.splitlines()[-1].endswith("and try it: unladen check")
    checked = installed.said("unladen", "check", cwd=folder).splitlines()
    assert checked[0].startswith("my-sdk ")
    assert CAPABILITY in OFFERED
    assert len(OFFERED) >= 2
    for name in OFFERED:
        assert f"{name}: works (the example, not the SDK: edit driver/{name}.py)" in checked
    return folder


@pytest.fixture(scope="module")
def sdk(begun: Path) -> Path:
    """The same with the SDK in place of the example."""
    put_sdk_into_driver(begun)
    return begun


def test_what_is_written(begun: Path) -> None:
    assert git(begun, "status", "--porcelain") == "?? .github/\n?? unladen-bench/"
    pins = (begun / "unladen-bench" / "requirements.txt").read_text().splitlines()
    packages = {line.partition("==")[0] for line in pins if not line.startswith("#")}
    assert packages >= {"asv_runner", "idna"}
    assert "my-sdk" not in packages
    assert all("==" in line for line in pins if not line.startswith("#"))


def test_nothing_is_overwritten(installed: Installed, begun: Path) -> None:
    before = {path: path.read_bytes() for path in begun.rglob("*.[pytjm]*") if path.is_file()}
    again = installed.run("unladen", "init", "--yes", cwd=begun)
    assert (again.returncode, again.stdout) == (2, "")
    assert "is there already: nothing is overwritten" in again.stderr
    assert "kept .github/workflows/unladen-gate.yml, which was there" in installed.said(
        "unladen", "init", "--yes", "--github", cwd=begun
    )
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ("native=done", "native=done", 0, f"{CAPABILITY}: works"),
        ("(done.plan", '("no"', 1, f"{CAPABILITY}: wrong: "),
        ("return my_sdk", "return my_sdk.gone", 1, f"{CAPABILITY}: fails: AttributeError: "),
        ("CAPABILITY =", "CAN =", 2, "has no attribute 'CAPABILITY'"),
    ],
)
def test_a_driver_is_tried(
    installed: Installed, sdk: Path, old: str, new: str, code: int, said: str
) -> None:
    module = sdk / "unladen-bench" / "driver" / f"{CAPABILITY}.py"
    good = module.read_text()
    module.write_text(good.replace(old, new))
    try:
        done = installed.run("unladen", "check", cwd=sdk)
    finally:
        module.write_text(good)
    assert done.returncode == code, done.stdout + done.stderr
    assert said in (done.stderr if code == 2 else done.stdout)
    assert "Traceback" not in done.stdout + done.stderr
    if code == 2:
        assert done.stderr.startswith(f"unladen: {sdk}/unladen-bench/driver/__init__.py")


def test_unladen_and_asv_measure_it(installed: Installed, sdk: Path) -> None:
    bench = sdk / "unladen-bench"
    for series in (MAKESPAN, IMPORT):
        installed.said("unladen", "run", "HEAD^!", "--bench", series, cwd=sdk)
    assert "1.10s" in installed.said("unladen", "run", "HEAD^!", "--bench", LATENCY, cwd=sdk)
    table = json.loads(installed.said("unladen", "table", "--json", cwd=sdk))
    assert "makespan" in json.dumps(table)
    # asv as it is, in the folder of the conf: the same environment, the same results.
    run = installed.said("asv", "run", "slower^!", "--bench", MAKESPAN, cwd=bench)
    assert "makespan" in run
    worse = installed.run("asv", "continuous", "main", "slower", "--bench", MAKESPAN, cwd=bench)
    assert worse.returncode == 1, worse.stdout + worse.stderr
    assert "SOME BENCHMARKS HAVE CHANGED SIGNIFICANTLY" in worse.stdout
    installed.said("asv", "publish", cwd=bench)
    assert (bench / "html" / "my-sdk" / "index.html").is_file()


def test_the_gate(installed: Installed, sdk: Path) -> None:
    gate = ("gate", "--series", MAKESPAN, "--only", "exact")
    assert installed.run("unladen", *gate, cwd=sdk).returncode == 0
    git(sdk, "checkout", "--quiet", "slower")
    try:
        worse = installed.run("unladen", *gate, cwd=sdk)
    finally:
        git(sdk, "checkout", "--quiet", "main")
    assert worse.returncode == 1, worse.stdout + worse.stderr
    assert "makespan" in worse.stdout


def test_the_actions_judge_a_pull_request(installed: Installed, sdk: Path, tmp_path: Path) -> None:
    """Set-up and gate as the workflows of ``init`` run them, with the wheel installed."""
    runner = Runner(sdk, remote=tmp_path, home=tmp_path)
    variables = {
        **installed.variables,
        "HOME": str(tmp_path),
        "PYTHONPATH": "",
        "CONFIG": "unladen-bench/asv.conf.json",
    }
    step = runner.run("setup/prepare.sh", BRANCH="main", MACHINE="runner", **variables)
    assert step.code == 0, step.text
    assert step.outputs["environments"] == str(sdk / "unladen-bench" / ".asv" / "env")
    step = runner.run(
        "gate/gate.sh",
        BASE=git(sdk, "rev-parse", "main"),
        HEAD=git(sdk, "rev-parse", "slower"),
        OPTIONS=f"--only\nexact\n--series\n{MAKESPAN}",
        ACCEPT_UNDECIDED="false",
        OUTPUT=str(tmp_path / "output"),
        **variables,
    )
    assert (step.code, step.outputs["outcome"]) == (1, "regression"), step.text
    assert "makespan" in step.summary


def test_what_cannot_be_found_out_has_to_be_said(installed: Installed, tmp_path: Path) -> None:
    folder = made_sdk(tmp_path / "sdk")
    shutil.copytree(folder / "src" / "my_sdk", folder / "src" / "one")
    git(folder, "mv", "src/my_sdk", "src/other")
    git(folder, "add", ".")
    done = installed.run("unladen", "init", "--yes", cwd=folder)
    assert done.returncode == 2
    asked = "which package is the SDK? say it with --package PATH; there are src/one, src/other"
    assert done.stderr == f"unladen: {asked}\n"
    assert not (folder / "unladen-bench").exists()
