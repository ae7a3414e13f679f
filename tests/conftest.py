"""Tests run from the repository, with its rooms on the path; in tiers, each with a time limit."""

from __future__ import annotations

import os
import signal
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
for folder in (ROOT / "tests", ROOT):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from moving_sample import is_all_tried, tried_now  # noqa: E402

# A shell that runs the tests in the background has them ignore interrupts, and what they start too.
signal.signal(signal.SIGINT, signal.default_int_handler)

LIMIT_OF_SLOW = 1200
"""Seconds; what is not slow has the limit that pyproject.toml sets."""

SLOW_FIXTURES = {"first_run", "measured", "values"}
"""Fixtures that measure for seconds: what asks for one of them is slow."""

LONGEST = (
    "parley/test_labels.py",
    "wheel/test_wheel_sdk.py",
    "unladen/init/test_installed_target.py",
    "unladen/commands/test_bad_input.py",
    "unladen/commands/test_command_line.py",
    "test_exact_series.py",
    "echo/test_echo.py",
    "unladen/measure/test_proof.py",
    "unladen/commands/test_signals.py",
    "unladen/repo/test_moving_code.py",
    "unladen/compare/test_gate_command.py",
    "unladen/commands/test_all_commands.py",
)
"""Files that take longest are begun first: else the last of them runs alone at the end."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores, because tests also wait: for pip, git, a browser."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first; and more time for what is slow."""
    items.sort(key=_turn)
    for item in items:
        if SLOW_FIXTURES.intersection(_fixtures(item)):
            item.add_marker(pytest.mark.slow)
        if item.get_closest_marker("slow") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(LIMIT_OF_SLOW))
    if not is_all_tried():
        _rotate(items)


def _rotate(items: Iterable[pytest.Item]) -> None:
    """Skip two thirds of the cases of each test that is marked so."""
    families: defaultdict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if item.get_closest_marker("rotated"):
            families[item.nodeid.partition("[")[0]].append(item)
    skip = pytest.mark.skip(reason="other commits try this case; make test-all tries all")
    for family in families.values():
        tried = tried_now((item.nodeid for item in family), -(-len(family) // 3))
        for item in family:
            if item.nodeid not in tried:
                item.add_marker(skip)


def _fixtures(item: pytest.Item) -> set[str]:
    """The fixtures that a test asks for; its parameters may have the same names."""
    parameters = item.callspec.params if hasattr(item, "callspec") else ()
    return {*getattr(item, "fixturenames", ())}.difference(parameters)


def _turn(item: pytest.Item) -> int:
    turns = (turn for turn, file in enumerate(LONGEST) if item.path.match(file))
    return next(turns, len(LONGEST))
