"""Where the suite is: the folder that holds ``benchmarks``, ``meters``, ``mocks`` and ``targets``.

An installed wheel carries it below this package, out of the way of what else is installed; a
checkout has it beside this package. It is put on the path of benchmark processes only.

A conf names what is in it with ``unladen:``, so that one conf works on every machine:
``"benchmark_dir": "unladen:benchmarks"``.
"""

from __future__ import annotations

from pathlib import Path

PREFIX = "unladen:"
_PACKAGE = Path(__file__).resolve().parents[1]
_IN_WHEEL = _PACKAGE / "_suite"


def suite_root() -> Path:
    """The folder, absolute."""
    return _IN_WHEEL if is_installed() else _PACKAGE.parent


def is_installed() -> bool:
    """Whether this is an installed wheel, in which nothing may be written, and no checkout."""
    return _IN_WHEEL.is_dir()


def in_suite(path: str) -> str:
    """``path`` of a conf; absolute if it begins with ``unladen:``."""
    if not path.startswith(PREFIX):
        return path
    return str(suite_root() / path.removeprefix(PREFIX))
