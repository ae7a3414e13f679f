"""What this process has saved of its measurements, and what not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
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


@contextmanager
def what_is_saved_adds_up() -> Iterator[None]:
    """What is saved in this block of a results file is told beside what was saved of it before,
    not in place of that: they are other series."""
    failed, wrong = dict(saved_failures), dict(saved_wrong)
    saved_failures.clear()
    saved_wrong.clear()
    try:
        yield
    finally:
        for path, failures in failed.items():
            saved_failures[path] = [*failures, *saved_failures.get(path, ())]
        for path, outcomes in wrong.items():
            saved_wrong[path] = [*outcomes, *saved_wrong.get(path, ())]


def tell_observers() -> None:
    """A commit is done."""
    for observer in saved_observers:
        observer()
