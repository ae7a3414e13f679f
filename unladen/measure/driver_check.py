"""Is a driver sound? What it offers, and whether that works with the SDK of one commit."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from unladen.errors import UserError
from unladen.measure.environment import UnladenEnvironment
from unladen.text.terminal import last_line, one_line, printable

CAPABILITY = re.compile(r"([\w-]+): (yes|no)")
"""A line of ``python -m targets.check``."""

LEAST = ("-m", "benchmarks", "--json", "--least")
"""Measures, of the series that are named, the least that their capability is asked."""

_SKIPPED = re.compile(r"asv: skipped: \w+\(['\"](.*)['\"]\)")


class Soundness(StrEnum):
    """What became of a capability."""

    WORKS = "works"
    ABSENT = "not offered"
    UNAVAILABLE = "n/a"
    WRONG = "wrong"
    FAILS = "fails"

    @property
    def is_bad(self) -> bool:
        """Whether a driver for that is not sound."""
        return self in (Soundness.WRONG, Soundness.FAILS)


@dataclass(frozen=True)
class Tried:
    """``why``: of ``WRONG``, ``FAILS`` and ``UNAVAILABLE``; one line."""

    capability: str
    soundness: Soundness
    why: str = ""


def try_driver(env: UnladenEnvironment) -> list[Tried]:
    """What the target's driver offers, tried with the SDK that is installed. Raises ``UserError``
    for a malformed driver."""
    project = env.project
    arguments = ["-m", "targets.check", project.name]
    checked = env.ended(arguments, str(project.root))
    offered = dict(CAPABILITY.findall(checked.output))
    if checked.exit_code or not offered:
        raise UserError(one_line(last_line(checked.errors)) or "the suite has no check of drivers")
    return [
        _tried(env, name) if answer == "yes" else Tried(name, Soundness.ABSENT)
        for name, answer in offered.items()
    ]


def _tried(env: UnladenEnvironment, capability: str) -> Tried:
    series = rf"^{re.escape(capability)}\."
    done = env.ended([*LEAST, series], str(env.project.root))
    rows = [json.loads(line) for line in done.output.splitlines() if line.startswith("[")]
    return judged(capability, rows, done.errors)


def judged(capability: str, rows: Sequence[Sequence[Any]], errors: str) -> Tried:
    """What rows of ``python -m benchmarks --json`` (series, parameters, value, what is wrong) say
    of a capability. ``errors``: what was written besides."""
    wrong = [f"{_cell(row)}: {row[3]}" for row in rows if row[3]]
    if not rows or any(row[2] is None for row in rows):
        return Tried(capability, Soundness.FAILS, printable(last_line(errors)) or "no value")
    if wrong:
        return Tried(capability, Soundness.WRONG, printable(wrong[0]))
    if all(isinstance(row[2], float) and math.isnan(row[2]) for row in rows):
        reasons = _SKIPPED.findall(errors)
        return Tried(capability, Soundness.UNAVAILABLE, printable(reasons[0] if reasons else ""))
    return Tried(capability, Soundness.WORKS)


def _cell(row: Sequence[Any]) -> str:
    return f"{row[0]}({', '.join(map(str, row[1]))})"
