"""Tests run from the repository, with its rooms on the path; in tiers, each with a time limit."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

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


def _fixtures(item: pytest.Item) -> set[str]:
    """The fixtures that a test asks for; its parameters may have the same names."""
    parameters = item.callspec.params if hasattr(item, "callspec") else ()
    return {*getattr(item, "fixturenames", ())}.difference(parameters)


def _turn(item: pytest.Item) -> int:
    turns = (turn for turn, file in enumerate(LONGEST) if item.path.match(file))
    return next(turns, len(LONGEST))
