"""What this process has saved of its measurements, and what not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from unladen.store.records import Failure, Wrong

saved_failures: dict[Path, list[Failure]] = {}
"""The results files saved by this process, with what failed while it measured."""

saved_wrong: dict[Path, list[Wrong]] = {}
"""The same files, with what gave the value of a wrong outcome."""

left_out: dict[str, str] = {}
"""The commits that this process has not measured because they could not be checked out, and why:
nothing is saved of them."""

saved_observers: list[Callable[[], None]] = []
"""Called after each results file that this process has saved together with its record, and for
each that it has left out."""


def tell_observers() -> None:
    """A commit is done."""
    for observer in saved_observers:
        observer()
