"""A run whose replies do not fit into memory, in a process of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from benchmarks.core import rooms
from benchmarks.core.notes import note
from benchmarks.core.series import series
from targets.protocol import Unavailable

HEADROOM = 16 * 2**20
"""Bytes that the process gets beyond what it has after an ordinary run; another ordinary one
asks for less than one MiB."""

REPLY_BYTES = 2 * HEADROOM
"""Size of each large reply. The model has them ready before memory is limited, so one can be had,
but not copied: whoever makes a text of it asks for twice what there is, in one piece."""

PATIENCE_S = 60.0
"""Seconds after which a process that has not answered hangs; it takes 0.5."""


class PressureOutcome(IntEnum):
    """How the run ended, from good to bad."""

    COMPLETED = 0
    """With the right result, made of every reply."""
    DEGRADED = 1
    """With the right result, without parts that did not fit."""
    TYPED_ERROR = 2
    """The caller got ``MemoryError`` or an error of the SDK's own: it knows what went wrong."""
    UNTYPED_ERROR = 3
    """The caller got another error."""
    WRONG_RESULT = 4
    """A result that is not one of this input."""
    UNUSABLE = 5
    """The engine did not work rightly when there was memory again."""
    CRASH = 6
    """The process died."""
    HANG = 7
    """It never ended."""


WORDS = (
    "completed", "degraded", "typed error", "untyped error", "wrong result", "engine unusable",
    "crash", "hang",
)  # fmt: skip
"""The outcomes in words."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """The outcome, and what there is to say about it."""

    outcome: PressureOutcome
    about: str


def pressed(child: str) -> Pressed:
    """Run under the limit in a fresh process, and afterwards once without it.

    ``child``: the module whose ``main`` is ``pressure_child.answer`` for a workload.

    Raises ``Unavailable`` where memory cannot be limited, ``ChildFailed`` if the process could not
    do its part before the limit.
    """
    try:
        done = subprocess.run(
            [sys.executable, rooms.__file__, child, *sys.path],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=PATIENCE_S,
        )
    except subprocess.TimeoutExpired:
        return Pressed(PressureOutcome.HANG, f"no answer in {PATIENCE_S:g} s")
    return _read(done)


class ChildFailed(RuntimeError):
    """The process failed before memory was limited; the message is its last error line."""


LIMITED = "limited"
"""The line that the process prints when it is about to limit its memory."""


def _read(child: subprocess.CompletedProcess[str]) -> Pressed:
    lines = child.stdout.splitlines()
    if lines and lines[-1].startswith("{"):
        answer = json.loads(lines[-1])
        if answer["unavailable"]:
            raise Unavailable(answer["unavailable"])
        return Pressed(PressureOutcome(answer["outcome"]), answer["about"])
    last = (child.stderr.strip().splitlines() or ["no message"])[-1].strip()
    if LIMITED not in lines:
        raise ChildFailed(f"exit code {child.returncode}: {last}")
    return Pressed(PressureOutcome.CRASH, f"{_death(child.returncode)}: {last}")


def _death(returncode: int) -> str:
    if returncode < 0:
        return f"killed by {signal.Signals(-returncode).name}"
    return f"exit code {returncode}"


class OfPressure(Protocol):
    """A benchmark of a run under pressure."""

    pressed: Pressed


@series(version="1", kind="exact", unit="outcome", group="outcome", codes=WORDS)
def outcome(self: OfPressure, *cell: object) -> int:
    """How it ended; then the engine must work with enough memory again."""
    if self.pressed.about:
        note(self.pressed.about)
    return self.pressed.outcome.value
