"""Tests run from the repository, with its rooms on the path; in tiers, each with a time limit."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Generator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
for folder in (ROOT / "tests", ROOT):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from moving_sample import is_all_tried  # noqa: E402
from rotation import changed_files, left_for_others  # noqa: E402

if TYPE_CHECKING:
    from xdist.scheduler import LoadFileScheduling

# A shell that runs the tests in the background has them ignore interrupts, and what they start too.
signal.signal(signal.SIGINT, signal.default_int_handler)

# No test fails because the machine is slow.
settings.register_profile("slow", deadline=None, suppress_health_check=[HealthCheck.too_slow])
if not os.environ.get("CI"):  # hypothesis has one for that, whose examples are always the same
    settings.load_profile("slow")

LIMIT_OF_SLOW = 1200
"""Seconds; what is not slow has the limit that pyproject.toml sets."""

SLOW_FIXTURES = {"first_run", "measured", "values"}
"""Fixtures that measure for seconds: what asks for one of them is slow."""

LONGEST = (
    "parley/test_labels.py",
    "wheel/test_wheel_sdk.py",
    "test_exact_series.py",
    "unladen/init/test_installed_target.py",
    "browser/*.py",
    "unladen/commands/test_bad_input.py",
    "unladen/commands/test_command_line.py",
    "echo/test_echo.py",
    "unladen/measure/test_proof.py",
    "unladen/commands/test_signals.py",
    "unladen/repo/test_moving_code.py",
    "unladen/compare/test_gate_command.py",
    "unladen/commands/test_all_commands.py",
)
"""Files that take longest are begun first: else the last of them runs alone at the end."""

TOGETHER = ("tests/browser/",)
"""Folders whose files one process runs: they share what takes long to make."""

CHANGED = pytest.StashKey[list[str] | None]()
"""The files that this commit changed; None where no test is left for other commits."""

LEFT = pytest.StashKey[int]()
"""How many tests are left for other commits."""


def pytest_configure(config: pytest.Config) -> None:
    """Decide once, for all processes of a run, whether tests take turns."""
    config.stash[LEFT] = 0
    if (given := getattr(config, "workerinput", None)) is not None:
        config.stash[CHANGED] = given["changed"]
    else:
        is_named = (
            config.args_source is pytest.Config.ArgsSource.ARGS
            or config.option.keyword
            or config.getoption("lf", False)
        )
        config.stash[CHANGED] = None if is_named or is_all_tried() else changed_files()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a process of this run what was decided."""
    node.workerinput["changed"] = node.config.stash[CHANGED]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores, because tests also wait: for pip, git, a browser."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling:
    """A file's tests are run by one process, and so are those of some folders."""
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            folders = (folder for folder in TOGETHER if nodeid.startswith(folder))
            return next(folders, super()._split_scope(nodeid))

    return Scheduling(config, log)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Generator[None, None, object]:
    """The longest files first; more time for what is slow; and some of it is left for others."""
    items.sort(key=lambda item: _turn(item.path))
    for item in items:
        if SLOW_FIXTURES.intersection(_fixtures(item)):
            item.add_marker(pytest.mark.slow)
        if item.get_closest_marker("slow") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(LIMIT_OF_SLOW))
    result = yield
    changed = config.stash[CHANGED]
    if changed is not None and (left := left_for_others(items, changed)):
        config.stash[LEFT] = len(left)
        config.hook.pytest_deselected(items=left)
        gone = {id(item) for item in left}
        items[:] = [item for item in items if id(item) not in gone]
    return result


def pytest_collection_finish() -> None:
    """What is there before the first test stays: no collection of garbage looks at it again, which
    would take a tenth of a second each time."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, None, object]:
    """Where several processes run the tests, all leave the same."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["left"] = session.config.stash[LEFT]
    return (yield)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A process of this run ended: what it left."""
    node.config.stash[LEFT] = getattr(node, "workeroutput", {}).get("left", 0)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what this commit does not run."""
    if left := terminalreporter.config.stash[LEFT]:
        terminalreporter.write_line(
            f"{left} tests are left for other commits, of each family some (tests/rotation.py); "
            "make test-all runs all"
        )


@pytest.fixture(autouse=True, scope="session")
def _caches_of_tests(tmp_path_factory: pytest.TempPathFactory) -> Generator[None, None, None]:
    """What commands keep of what they read is not kept in the user's folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("caches")))
        yield


@pytest.fixture(scope="session")
def changed(pytestconfig: pytest.Config) -> list[str] | None:
    """The files that this commit changed; None where no test is left for other commits."""
    return pytestconfig.stash[CHANGED]


def _fixtures(item: pytest.Item) -> set[str]:
    """The fixtures that a test asks for; its parameters may have the same names."""
    parameters = item.callspec.params if hasattr(item, "callspec") else ()
    return {*getattr(item, "fixturenames", ())}.difference(parameters)


@cache
def _turn(path: Path) -> int:
    turns = (turn for turn, file in enumerate(LONGEST) if path.match(file))
    return next(turns, len(LONGEST))
