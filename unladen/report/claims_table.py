"""What others say of several targets, as one text, and as JSON: the command ``claims``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from typing import Any

from unladen.report.commit_results import CommitResults, commit_fact
from unladen.report.document import Block, Document, Prose, Section, Spans, Table
from unladen.report.figures import Fact
from unladen.report.held_claims import HeldClaim, HeldClaims, HeldFigure, held_claims
from unladen.report.sections.claims import counted, tables
from unladen.report.sections.levels import write as write_levels
from unladen.text.dates import day

JSON_VERSION = 1

_HEAD = ("claims", "agree", "do not", "in part", "answered", "not measured")
"""The columns of the counts, in the order of ``ClaimCounts``."""


@dataclass(frozen=True)
class TargetClaims:
    """The claims about a target, held against its results at a commit."""

    results: CommitResults
    held: HeldClaims


def with_claims(many: Sequence[CommitResults]) -> list[TargetClaims]:
    """Those of the targets about which somebody has said anything."""
    held = ((results, held_claims(results)) for results in many)
    return [TargetClaims(results, claims) for results, claims in held if claims is not None]


def claims_table(targets: Sequence[TargetClaims]) -> Document:
    """All claims and levels, in sections of each target; above them how many there are of each
    verdict."""
    text = Prose()
    text.say(
        "What others say, ask or set as a target of the systems that are measured here: where they "
        "say it, what is measured, by which series at the newest measured commit or by which load, "
        "and whether the two agree. Written from results by {}. The model is a mock: where time is "
        "a model's, the figure says how much the system adds to it.",
        Fact("unladen claims", code=True),
    )
    return Document(
        title=["Claims"],
        commit="",
        lead=[*text.paragraph(), _counts(targets)],
        sections=[section for one in targets for section in _sections(one)],
    )


def _counts(targets: Sequence[TargetClaims]) -> Table:
    head: list[Spans] = [["target"], ["commit"], *([name] for name in _HEAD)]
    rows = [
        [
            [Fact(one.results.target)],
            [commit_fact(one.results.commit)],
            *([Fact(f"{number:,}")] for number in astuple(one.held.counts)),
        ]
        for one in targets
    ]
    return Table(["How many agree with what is measured"], head, rows, text_columns=2)


def _sections(one: TargetClaims) -> Iterator[Section]:
    """The claims, and the levels where the target is to reach any."""
    yield _claims_of(one)
    levels = write_levels(one.results)
    if levels is not None:
        yield Section(f"{one.results.target}: {levels.title}", levels.blocks)


def _claims_of(one: TargetClaims) -> Section:
    results, held = one.results, one.held
    text = Prose()
    text.say(
        "From {}; measured at commit {} of {}.",
        Fact(held.claims.source),
        commit_fact(results.commit),
        Fact(day(results.commit.date)),
    )
    text.say("{}", counted(held, "Of"))
    blocks: list[Block] = [*text.paragraph(), *tables(results, held)]
    return Section(f"{results.target}: {held.claims.title}", blocks)


def as_json(targets: Sequence[TargetClaims]) -> dict[str, Any]:
    """One object with a list of ``targets``, each with its ``claims``. ``value``: null without a
    figure, or if it has no end; ``why``: then, else ""."""
    return {"version": JSON_VERSION, "targets": [_target(one) for one in targets]}


def _target(one: TargetClaims) -> dict[str, Any]:
    return {
        "target": one.results.target,
        "commit": one.results.commit.hash,
        "title": one.held.claims.title,
        "source": one.held.claims.source,
        "claims": [
            {"part": part.title, **_claim(each)} for part, held in one.held.parts for each in held
        ],
    }


def _claim(one: HeldClaim) -> dict[str, Any]:
    claim = one.claim
    return {
        "where": claim.where,
        "says": claim.says,
        "kind": claim.kind,
        "verdict": one.verdict,
        "remark": claim.remark,
        "unmeasured": claim.unmeasured,
        "measured": [_figure(figure) for figure in one.figures],
    }


def _figure(one: HeldFigure) -> dict[str, Any]:
    figure = one.cited.figure
    return {
        "by": one.by,
        "figure": one.wanted.figure,
        "cell": dict(one.wanted.cell),
        "of": one.wanted.of,
        "value": one.cited.value,
        "shown": "" if figure is None else figure.text,
        "why": one.cited.why,
        "bearing": None if one.bearing is None else one.bearing.value,
    }
