"""What a benchmark says beside its value: kept with the results, shown where the value is."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

NOTE_MARK = "unladen-note: "
"""Begins the line on standard error from which ``unladen`` takes a note."""

WRONG_MARK = "unladen-wrong: "
"""Begins the line from which it takes what is wrong with the outcome that was measured."""


@dataclass(slots=True)
class Heard:
    """What was said to be wrong first; empty if nothing was."""

    wrong: str = ""


_listening: list[Heard] = []
_without_notes: list[bool] = []


def note(text: str) -> None:
    """Say something about the value that is being measured, such as why an outcome is what it is.

    The text may have several lines. The last note of a parameter combination counts.
    """
    if not _without_notes:
        _say(NOTE_MARK, text)


def wrong(text: str) -> None:
    """Say that the value that is being measured is one of a wrong outcome, and what is wrong: it is
    then never shown as a plain number. The first of a parameter combination counts."""
    if not _listening:
        _say(WRONG_MARK, text)
    elif not _listening[-1].wrong:
        _listening[-1].wrong = text


@contextmanager
def hearing() -> Iterator[Heard]:
    """Hear what is said to be wrong in the block, which then is not printed: for values that are
    measured in one process and given in another."""
    heard = Heard()
    _listening.append(heard)
    try:
        yield heard
    finally:
        _listening.pop()


@contextmanager
def without_notes() -> Iterator[None]:
    """Nothing is noted in the block: for measurements of which only some are told."""
    _without_notes.append(True)
    try:
        yield
    finally:
        _without_notes.pop()


def _say(mark: str, text: str) -> None:
    print(f"{mark}{json.dumps(text)}", file=sys.stderr, flush=True)
