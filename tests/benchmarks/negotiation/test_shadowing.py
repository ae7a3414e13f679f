"""An SDK whose path has packages named like ours: ours are used, and a mix-up is named."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from suite import project_with_driver

pytestmark = pytest.mark.slow

ROOMS = ("benchmarks", "meters", "mocks", "targets")

DRIVER = """
from targets.bare.negotiation import _Negotiator
from targets.protocol import Target
from targets.protocols.negotiation import Negotiation

TARGET = Target(
    name="shadowed", imports=("{imports}",), capabilities=[Negotiation(open=_Negotiator)]
)
"""

IN_A_BENCHMARK_PROCESS = """
import sys
from asv_runner._aux import update_sys_path
suite, code = sys.argv[1:]
update_sys_path(suite)
import benchmarks
exec(code)
"""


def made(tmp_path: Path, sdk: str, imports: str = "shadowed_sdk") -> tuple[Path, Path]:
    """A suite with the target, and a folder with its SDK and packages of our names, which must not
    be imported."""
    suite = project_with_driver(tmp_path / "suite", "shadowed", DRIVER.format(imports=imports))
    folder = tmp_path / "installed"
    for name in ROOMS:
        (folder / name).mkdir(parents=True)
        (folder / name / "__init__.py").write_text(f"TOOLS = {name!r}\n")
    (folder / "shadowed_sdk.py").write_text(sdk)
    return suite, folder


def run(suite: Path, sdk: Path, code: str, *, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run code as asv runs a benchmark: the SDK in front on the path, the suite found by name."""
    own = os.pathsep.join([str(sdk), str(suite / "targets" / "bare")])
    return subprocess.run(
        [sys.executable, "-c", IN_A_BENCHMARK_PROCESS, str(suite / "benchmarks"), code],
        cwd=cwd,
        env={
            **os.environ,
            "PYTHONPATH": own,
            "PYTHONSAFEPATH": "1",
            "UNLADEN_TARGET": "shadowed",
            "ASV_PROJECT": "",
        },
        capture_output=True,
        text=True,
        check=False,
    )


NOTHING = "VALUE = 1\n"

RUN_ONCE = """
from benchmarks.core.harness import Harness
from benchmarks.negotiation.workload import Negotiations
import mocks, meters, targets
where = sys.argv[1].rpartition("/")[0]
assert all(room.__file__.startswith(where) for room in (benchmarks, mocks, meters, targets))
with Harness(Negotiations(3)) as harness:
    print(harness.makespan())
"""

MEASURE_IMPORT = """
from meters import imports
print(imports.import_modules(["shadowed_sdk"]), imports.import_bytecodes(["shadowed_sdk"]) > 0)
"""

PRESS = """
from benchmarks.questions.pressure import pressed
print(pressed("benchmarks.negotiation.large_offers"))
"""

REQUIRE = """
from benchmarks.core import subject
subject.require_sdk()
"""


def test_ours_are_used(tmp_path: Path) -> None:
    done = run(*made(tmp_path, NOTHING), RUN_ONCE, cwd=tmp_path)
    assert (done.stdout, done.returncode) == ("3.0\n", 0), done.stderr


def test_the_processes_that_a_benchmark_starts_use_ours(tmp_path: Path) -> None:
    suite, sdk = made(tmp_path, NOTHING)
    done = run(suite, sdk, MEASURE_IMPORT, cwd=tmp_path)
    assert (done.stdout, done.returncode) == ("1 True\n", 0), done.stderr
    done = run(suite, sdk, PRESS, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "COMPLETED" in done.stdout or "TYPED_ERROR" in done.stdout, done.stdout


def test_the_cost_of_an_import_is_that_of_the_sdks_own(tmp_path: Path) -> None:
    suite, sdk = made(tmp_path, "import mocks\nassert mocks.TOOLS\nimport meters\n")
    done = run(suite, sdk, MEASURE_IMPORT, cwd=tmp_path)
    assert (done.stdout, done.returncode) == ("3 True\n", 0), done.stderr


TOLD = {
    "at once": "import mocks",
    "a name of it": "from mocks import TOOLS",
    "a module of it": "import mocks.clock as clock",
    "where it can do without": "try:\n    import mocks\nexcept ImportError:\n    mocks = None",
    "as another error": "try:\n    import mocks\nexcept ImportError:\n    raise ValueError('no')",
}


@pytest.mark.parametrize("statement", TOLD.values(), ids=TOLD.keys())
def test_an_sdk_that_imports_its_own_is_told(tmp_path: Path, statement: str) -> None:
    suite, sdk = made(tmp_path, statement)
    done = run(suite, sdk, REQUIRE, cwd=tmp_path)
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert "import shadowed_sdk fails" in last
    assert "shadowed_sdk imports 'mocks', which is Unladen's own" in last
    assert str(sdk / "mocks") in last
    assert "move it into the SDK's package" in last


def test_an_import_inside_a_function_is_told(tmp_path: Path) -> None:
    late = "def use():\n    if True:\n        from mocks.client import Client\n"
    suite, sdk = made(tmp_path, f'"""\n    import meters\n"""\n{late}')
    done = run(suite, sdk, REQUIRE, cwd=tmp_path)
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert f"{sdk / 'shadowed_sdk.py'}:6 imports 'mocks'" in last


@pytest.mark.parametrize(
    "sdk",
    [
        "def use():\n    from .mocks import Client\n",
        "def use():\n    import mocks_of_ours\n    return 'import mocks'\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import mocks\n",
    ],
    ids=["its own subpackage", "another name", "for the type checker"],
)
def test_what_is_no_import_of_its_own_is_not(tmp_path: Path, sdk: str) -> None:
    done = run(*made(tmp_path, sdk), REQUIRE, cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def test_a_subject_with_one_of_our_names_is_refused(tmp_path: Path) -> None:
    suite, sdk = made(tmp_path, NOTHING, imports="mocks.api")
    done = run(suite, sdk, "", cwd=tmp_path)
    assert done.returncode == 1
    assert "TARGET.imports: mocks.api has the name of" in done.stderr.splitlines()[-1]


def test_the_drivers_check_is_ours_too(tmp_path: Path) -> None:
    suite, sdk = made(tmp_path, NOTHING)
    done = subprocess.run(
        [sys.executable, "-m", "targets.check", "shadowed"],
        cwd=suite,
        env={**os.environ, "PYTHONPATH": str(sdk)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_suite_measures_without_asv(tmp_path: Path) -> None:
    suite, sdk = made(tmp_path, NOTHING)

    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "negotiation.concurrency.Parallel.track_makespan"],
        cwd=suite,
        env={
            **os.environ,
            "UNLADEN_TARGET": "shadowed",
            "PYTHONPATH": os.pathsep.join([str(sdk), str(suite / "targets" / "bare")]),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
