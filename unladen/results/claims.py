"""What others say or ask of a target, to be held against what is measured: ``claims.toml``.

It lies beside the target's driver:

    title = "What its load test plan says"
    source = "the plan of its authors, of 2026-02-08"

    [[part]]
    title = "Latency"

    [[part.claim]]
    where = "3.2, phase 2"                      # in the source
    says = "95 of 100 chats take less than 10 s"
    kind = "target"                             # or "claim" (the default), "question"
    remark = "of a mock model"                  # optional
    measured = [{ load = "ramp", figure = "chat.latency.p95", below = 10 }]

    [[part.claim]]
    where = "2.1"
    says = "an import takes less than a second"
    measured = [{ series = "imports.Import.sample_cpu", of = "of CPU", below = 1 }]

    [[part.claim]]
    where = "1.1"
    says = "a document is parsed in 10 to 60 s"
    unmeasured = "documents need a database that is not there"

A figure is that of a series at the commit of the report, or of a load that is kept
(``unladen.results.loads``). It is held against bounds (``below``, ``above``, ``at_most``,
``at_least``, each in the figure's unit; all that are given must hold) or against the words of a
code (``one_of``). Without any it answers, and nothing is judged. ``of`` says what it is. What a
load lacks because it broke off disagrees. ``priced_as`` names a model of the list of prices: the
figure is then what each step costs in dollars, of the series' prompt tokens and of the answers'
beside it (``unladen.results.prices``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Literal

import msgspec

from unladen.project.project import Project
from unladen.project.targets import driver_folder
from unladen.results.bounds import Bounded
from unladen.store.json_files import unreadable
from unladen.store.toml_files import read_toml
from unladen.text.terminal import printable

FILE = "claims.toml"


class Bearing(StrEnum):
    """How a figure bears on what is said."""

    AGREES = "agrees"
    DISAGREES = "disagrees"
    ANSWERS = "answers"


class CitedFigure(Bounded, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A figure, and what it is held against: see above."""

    series: str = ""
    cell: Mapping[str, str] = {}
    load: str = ""
    figure: str = ""
    of: str = ""
    priced_as: str = ""
    one_of: Sequence[str] = ()

    @property
    def is_judged(self) -> bool:
        """Whether it is held against anything."""
        return bool(self.one_of) or bool(self.bounds)

    def bearing(self, value: float | None, word: str) -> Bearing:
        """Of a value, None if it has no end, and its word if it is a code."""
        if self.one_of:
            return Bearing.AGREES if word in self.one_of else Bearing.DISAGREES
        number = float("inf") if value is None else value
        held = [bound.holds(number, limit) for bound, limit in self.bounds.items()]
        if not held:
            return Bearing.ANSWERS
        return Bearing.AGREES if all(held) else Bearing.DISAGREES


class Claim(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that is said or asked. ``unmeasured``: why nothing is measured of it."""

    where: str
    says: str
    kind: Literal["claim", "target", "question"] = "claim"
    measured: Sequence[CitedFigure] = ()
    unmeasured: str = ""
    remark: str = ""


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Claims about one thing."""

    title: str
    claim: Sequence[Claim]


class Claims(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of a target, with where they are from."""

    title: str
    source: str
    part: Sequence[Part]


def claims_of(project: Project) -> Claims | None:
    """Those of a target, None without any. Raises ``UserError`` for a file that holds none."""
    file = driver_folder(project.folder, project.name) / FILE
    return read_claims(file) if file.is_file() else None


def read_claims(file: Path) -> Claims:
    """Those of a file. Raises ``UserError``, one line with the file."""
    claims = read_toml(file, Claims, "claims")
    for part in claims.part:
        for claim in part.claim:
            _check(file, claim)
    return claims


def _check(file: Path, claim: Claim) -> None:
    """Raise ``UserError`` for a claim of which it is not said how it is measured."""
    said = printable(claim.says)[:60]
    if bool(claim.measured) == bool(claim.unmeasured):
        raise unreadable(file, f"{said!r} needs either measured or unmeasured")
    for one in claim.measured:
        if why := why_no_figure(one):
            raise unreadable(file, f"{said!r}: {why}")


def why_no_figure(one: CitedFigure) -> str:
    """Why it is not said of what it is the figure; empty if it is."""
    if bool(one.series) == bool(one.load) or bool(one.load) != bool(one.figure):
        return "a figure is of a series, or of a load by its name"
    return "only the tokens of a series are priced" if one.priced_as and one.load else ""
