"""A negotiation whose replies do not fit into memory, in a process of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import dataclass
from enum import IntEnum

from benchmarks import _rooms
from targets.protocol import Unavailable

HEADROOM = 16 * 2**20
"""Bytes that the process gets beyond what it has after an ordinary negotiation; another ordinary
one asks for less than one MiB."""

REPLY_BYTES = 2 * HEADROOM
"""Size of each offer. The model has the offers ready before memory is limited, so an offer can be
had, but not copied: whoever makes a text of it asks for twice what there is, in one piece."""

PATIENCE_S = 60.0
"""Seconds after which a process that has not answered hangs; it takes 0.5."""


class Outcome(IntEnum):
    """How the negotiation ended, from good to bad."""

    COMPLETED = 0
    """A plan from every offer."""
    DEGRADED = 1
    """A plan for the right demand, without offers that did not fit."""
    TYPED_ERROR = 2
    """The caller got ``MemoryError`` or an error of the SDK's own: it knows what went wrong."""
    UNTYPED_ERROR = 3
    """The caller got another error."""
    WRONG_RESULT = 4
    """A result that is not one of this demand."""
    UNUSABLE = 5
    """The engine did not negotiate rightly when there was memory again."""
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

    outcome: Outcome
    about: str


def pressed() -> Pressed:
    """Negotiate under the limit in a fresh process, and afterwards once without it.

    Raises ``Unavailable`` where memory cannot be limited, ``ChildFailed`` if the process could not
    do its part before the limit.
    """
    try:
        child = subprocess.run(
            [sys.executable, _rooms.__file__, "benchmarks._pressure_child", *sys.path],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=PATIENCE_S,
        )
    except subprocess.TimeoutExpired:
        return Pressed(Outcome.HANG, f"no answer in {PATIENCE_S:g} s")
    return _read(child)


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
        return Pressed(Outcome(answer["outcome"]), answer["about"])
    last = (child.stderr.strip().splitlines() or ["no message"])[-1].strip()
    if LIMITED not in lines:
        raise ChildFailed(f"exit code {child.returncode}: {last}")
    return Pressed(Outcome.CRASH, f"{_death(child.returncode)}: {last}")


def _death(returncode: int) -> str:
    if returncode < 0:
        return f"killed by {signal.Signals(-returncode).name}"
    return f"exit code {returncode}"
