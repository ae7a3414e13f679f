"""``faults.json``: what becomes of a target's faults at its newest commit, as each publish leaves
it for the page of all SDKs and for programs.

docs/site.md describes it. What is read back may come from anybody's folder: types are checked.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from unladen.history.history import History
from unladen.site.files import write_text
from unladen.store.json_files import as_declared, read_json
from unladen.views.faults.model import faults_at, known_at, outcome_series
from unladen.views.faults.text import as_json

NAME = "faults.json"
VERSION = 1


@dataclass(frozen=True)
class PublishedFault:
    """A fault, and what became of it. ``status``: as in results; ``word``: the outcome, None
    without one; ``as_expected``: None where there is none, or none is expected."""

    fault: str
    place: str
    about: str
    status: str
    word: str | None
    as_expected: bool | None

    @property
    def can_happen(self) -> bool:
        """Whether it was tried, and ended or failed; not so where it is n/a."""
        return self.word is not None or self.status == "failed"

    @property
    def is_unexpected(self) -> bool:
        """Whether it is not as expected, or failed."""
        return self.as_expected is False or self.status == "failed"


@dataclass(frozen=True)
class PublishedOutcomes:
    """The faults of one series at one commit. ``codes``: the words of its outcomes."""

    series: str
    commit: str
    codes: tuple[str, ...]
    faults: tuple[PublishedFault, ...]


@dataclass(frozen=True)
class PublishedFaults:
    """All of a target. ``outcomes``: a series each."""

    target: str
    outcomes: tuple[PublishedOutcomes, ...]


def write_faults(folder: Path, history: History) -> None:
    """Write it into a target's published folder, atomically."""
    data = {"version": VERSION, "target": history.target, "outcomes": [*_outcomes(history)]}
    write_text(folder / NAME, json.dumps(data, indent=1, allow_nan=False) + "\n")


def read_faults(path: Path) -> PublishedFaults:
    """Read one. Raises ``UserError``, one line, if it is none of this version."""
    what = f"a target's faults of version {VERSION}"
    return as_declared(path, read_json(path, VERSION), PublishedFaults, what)


def _outcomes(history: History) -> Iterator[dict[str, Any]]:
    for series in outcome_series(history):
        known = known_at(series)
        if known.size:
            yield as_json(faults_at(history, series, int(known[-1])))
