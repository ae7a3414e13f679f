"""The commands that unladen adds to asv's, one module each.

A command is on unladen's command line once its module is imported. That takes up to a third of a
second, most of it for numpy, so only the module of the command that was asked for is.
"""

from __future__ import annotations

from collections.abc import Collection
from importlib import import_module

COMMANDS = (
    "bisect",
    "calibrate",
    "changes",
    "check",
    "claims",
    "confirm",
    "demo",
    "digest",
    "explain",
    "faults",
    "gate",
    "init",
    "levels",
    "load",
    "migrate",
    "mock-model",
    "patches",
    "portal",
    "releases",
    "report",
    "score",
    "table",
    "triage",
)
"""Their names on the command line; ``-`` is ``_`` in the module's."""


def import_commands(names: Collection[str] = COMMANDS) -> None:
    """Import the modules of these commands."""
    for name in names:
        import_module(f"{__name__}.{name.replace('-', '_')}")
