"""What measuring two commits side by side said of suspected changes, kept beside the results.

``side-by-side.verdicts`` in a machine's folder: JSON, but not ``.json``, which asv would load as a
result. One entry for each series, parameter combination, environment, suspected commit, and
commit before.
"""

from __future__ import annotations

import enum
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from unladen.errors import UserError
from unladen.store.bounds import Finite
from unladen.store.json_files import read_json, unreadable
from unladen.store.reasons import Params
from unladen.store.series import SeriesInfo
from unladen.text.terminal import printable

FILE = "side-by-side.verdicts"
VERSION = 1


class Ruling(enum.Enum):
    """What became of a suspect."""

    CONFIRMED = "confirmed"
    CLEARED = "cleared"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Verdict:
    """On one suspected change of one cell, with its evidence.

    ``version``: of the series; ``environment``: as results files are named by it. Full hashes:
    ``commit``, the one that is suspected most, ``before`` and ``after``, those that were measured,
    which have all suspected commits between them. ``suspected``: after / before as
    the history has it, None if unknown. ``figure_before``, ``figure_after``: medians over the
    rounds, in the series' unit; ``ratio``: after / before, with the 95 % interval ``low`` to
    ``high`` (None: open) and the two-sided ``p`` of no change. ``date``: ISO 8601, UTC. ``python``:
    such as ``3.11.7``; ``cpu``: the model of the machine that measured.
    """

    series: str
    version: str
    params: Params
    environment: str
    commit: str
    before: str
    after: str
    ruling: Ruling
    suspected: Finite | None
    figure_before: Finite
    figure_after: Finite
    ratio: Finite
    low: Finite | None
    high: Finite | None
    p: Finite
    rounds: int
    date: str
    python: str
    cpu: str

    @property
    def key(self) -> tuple[str, Params, str, str, str]:
        """What there is one verdict of."""
        return self.series, self.params, self.environment, self.commit, self.before


@dataclass(frozen=True)
class Verdicts:
    """Those of one machine's folder. ``remarks``: a line for each that could not be read."""

    all: Mapping[tuple[str, Params, str, str, str], Verdict] = field(default_factory=dict)
    remarks: Sequence[str] = ()

    def find(
        self,
        series: SeriesInfo,
        params: Params,
        commit: str,
        before: str | None = None,
        environment: str | None = None,
    ) -> Verdict | None:
        """The verdict on a change of this cell of which ``commit`` is suspected most; the latest,
        if there are several.

        ``before``: only one in which that was the commit before; ``environment`` likewise. One on
        another version of the series is none.
        """
        found = [
            one
            for one in self.all.values()
            if (one.series, one.params, one.commit) == (series.name, params, commit)
            and one.version == series.version
            and before in (None, one.before)
            and environment in (None, one.environment)
        ]
        return max(found, key=lambda one: one.date, default=None)

    def confirmed_within(
        self, series: SeriesInfo, params: Params, line: Sequence[str], environment: str, sign: int
    ) -> Verdict | None:
        """The latest that confirmed a change of this cell between two commits of ``line``: one the
        same way, upward for 1 and downward for -1, as figures go.

        ``line``: hashes, oldest first. Where a change is certain between two commits, it is so in
        any range that has both.
        """
        positions = {commit: position for position, commit in enumerate(line)}
        found = [
            one
            for one in self.all.values()
            if (one.series, one.params, one.environment) == (series.name, params, environment)
            and one.version == series.version
            and one.ruling is Ruling.CONFIRMED
            and positions.get(one.before, len(line)) < positions.get(one.after, -1)
            and (one.ratio > 1) == (sign > 0)
        ]
        return max(found, key=lambda one: one.date, default=None)

    def updated(self, new: Iterable[Verdict]) -> Verdicts:
        """With ``new`` ones, which replace those on the same."""
        return Verdicts({**self.all, **{one.key: one for one in new}}, self.remarks)

    def save(self, folder: Path) -> None:
        """Write them into a machine's folder, atomically. Raises ``UserError``."""
        entries = [_as_json(one) for one in sorted(self.all.values(), key=lambda one: one.key)]
        text = json.dumps({"version": VERSION, "verdicts": entries}, indent=1, allow_nan=False)
        temporary = folder / f"{FILE}.{os.getpid()}.part"
        try:
            temporary.write_text(text + "\n", encoding="utf-8")
            os.replace(temporary, folder / FILE)
        except OSError as error:
            raise UserError(f"cannot write {folder / FILE}: {error.strerror}") from error
        finally:
            temporary.unlink(missing_ok=True)


def load(folder: Path) -> Verdicts:
    """The verdicts in a machine's folder. What is not readable is left out, with a remark."""
    path = folder / FILE
    if not path.exists():
        return Verdicts()
    try:
        entries = read_json(path, VERSION).get("verdicts")
    except UserError as error:
        return Verdicts(remarks=[f"{error}; skipped"])
    if not isinstance(entries, list):
        return Verdicts(remarks=[f"{unreadable(path, 'it has no list of verdicts')}; skipped"])
    read = [_verdict(entry) for entry in entries]
    good = {one.key: one for one in read if one is not None}
    bad = sum(one is None for one in read)
    named = printable(str(path))
    return Verdicts(good, [f"{named}: {bad} verdicts are malformed; skipped"] if bad else [])


def _as_json(verdict: Verdict) -> dict[str, Any]:
    return {**asdict(verdict), "params": list(verdict.params), "ruling": verdict.ruling.value}


def _verdict(entry: Any) -> Verdict | None:
    """One entry; None if it is none."""
    if not isinstance(entry, dict) or set(entry) != set(Verdict.__dataclass_fields__):
        return None
    try:
        return msgspec.convert(entry, Verdict)
    except msgspec.ValidationError:
        return None
