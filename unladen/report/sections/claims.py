"""What others say or ask of the target, one by one, beside what is measured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from unladen.report.cited import cited
from unladen.report.commit_results import CommitResults
from unladen.report.document import Block, Bullets, Prose, Section, Spans, Table, sentence
from unladen.report.figures import Fact
from unladen.results.claims import Bearing, CitedFigure, Claim, Part
from unladen.results.loads import KeptLoad
from unladen.text.names import shown_name

_RANK = 2
"""Of what the summary says of it."""

_WORDS = {
    "claim": ("holds", "does not hold", "holds in part"),
    "target": ("met", "not met", "met in part"),
    "question": ("yes", "no", "in part"),
}
_ANSWERED, _UNMEASURED = "answered", "not measured"


@dataclass(frozen=True)
class _Shown:
    """A figure as it is shown. ``bearing``: None where there is no figure; ``why``: then."""

    text: Spans
    by: Spans
    bearing: Bearing | None
    why: str = ""


@dataclass(frozen=True)
class _Judged:
    claim: Claim
    shown: Sequence[_Shown]

    @property
    def bearings(self) -> set[Bearing]:
        return {one.bearing for one in self.shown if one.bearing is not None}

    @property
    def verdict(self) -> str:
        good, bad, partly = _WORDS[self.claim.kind]
        found = self.bearings
        if not found:
            return _UNMEASURED
        if {Bearing.AGREES, Bearing.DISAGREES} <= found:
            return partly
        if Bearing.DISAGREES in found:
            return bad
        return good if Bearing.AGREES in found else _ANSWERED


def write(results: CommitResults) -> Section | None:
    """A table for each part of the claims; None where nobody has said anything."""
    claims = results.claims
    if claims is None:
        return None
    parts = [(part, [_judged(results, one) for one in part.claim]) for part in claims.part]
    every = [one for _, judged in parts for one in judged]
    text = Prose()
    text.say(
        "From {}. Each line is put into English, with where it stands; beside it is what is "
        "measured, by which series at the commit of this report or by which load, and whether "
        "the two agree. The model is a mock: where time is a model's, the figure says how much "
        "the service adds to it.",
        Fact(claims.source),
    )
    text.say("{}", _counted(every, "Of"))
    blocks = [*text.paragraph(), *(_table(part, judged) for part, judged in parts)]
    blocks += _loads(results, every)
    findings = [(_RANK, [Fact(claims.title), ": ", *_counted(every, "of")])]
    return Section(claims.title, blocks, findings)


def _counted(every: Sequence[_Judged], begins: str) -> Spans:
    agree = sum(one.bearings == {Bearing.AGREES} for one in every)
    partly = sum({Bearing.AGREES, Bearing.DISAGREES} <= one.bearings for one in every)
    disagree = sum(Bearing.DISAGREES in one.bearings for one in every) - partly
    unmeasured = sum(one.verdict == _UNMEASURED for one in every)
    told = [Fact(f"{number:,}") for number in (len(every), agree, disagree, partly, unmeasured)]
    return sentence(
        begins
        + " {} claims, targets and questions {} agree with what is measured, {} do not, {} do in "
        "part, and {} are not measured; the rest is answered.",
        *told,
    )


def _table(part: Part, judged: Sequence[_Judged]) -> Block:
    head: list[Spans] = [["where"], ["it says"], ["measured"], ["by"], ["so"]]
    rows = [_row(one) for one in judged]
    return Table([Fact(part.title)], head, rows, text_columns=len(head))


def _row(one: _Judged) -> list[Spans]:
    claim = one.claim
    shown = _told(one.shown) or [[Fact(claim.unmeasured)]]
    if claim.remark:
        shown.append([Fact(claim.remark)])
    return [
        [Fact(claim.where)],
        [Fact(claim.says)],
        _separated(shown),
        _separated(_once(each.by for each in one.shown)),
        [one.verdict],
    ]


def _told(many: Sequence[_Shown]) -> list[Spans]:
    """What each shows; why there is no figure once."""
    told: list[Spans] = []
    reasons = set()
    for one in many:
        if one.bearing is None and one.why in reasons:
            continue
        reasons.add(one.why)
        told.append(one.text)
    return told


def _once(many: Iterator[Spans]) -> list[Spans]:
    found: list[Spans] = []
    for spans in many:
        if spans not in found:
            found.append(spans)
    return found


def _separated(parts: Sequence[Spans]) -> Spans:
    return [span for n, spans in enumerate(parts) for span in (["; "] if n else []) + [*spans]]


def _judged(results: CommitResults, claim: Claim) -> _Judged:
    return _Judged(claim, [_shown(results, one) for one in claim.measured])


def _shown(results: CommitResults, one: CitedFigure) -> _Shown:
    found = cited(results, one)
    name = f"load {one.load}" if one.load else shown_name(one.series)
    by: Spans = [Fact(name, code=True)]
    before: Spans = [Fact(one.of), ": "] if one.of else []
    if found.figure is None:
        bearing = Bearing.DISAGREES if found.has_broken_off and one.is_judged else None
        return _Shown([*before, Fact(found.why)], by, bearing, found.why)
    return _Shown([*before, found.figure], by, found.bearing(one))


def _loads(results: CommitResults, every: Sequence[_Judged]) -> list[Block]:
    """What repeats the loads that figures are from."""
    named = dict.fromkeys(
        one.load for judged in every for one in judged.claim.measured if one.load in results.loads
    )
    items = [_repeated(name, results.loads[name]) for name in named]
    if not items:
        return []
    text = Prose()
    text.say("The loads, each repeated to the digit by its command:")
    return [*text.paragraph(), Bullets(items)]


def _repeated(name: str, load: KeptLoad) -> Spans:
    trouble: Spans = [": ", Fact(load.trouble)] if load.trouble else []
    told: Spans = ["; it breaks off", *trouble] if load.trouble else []
    return [
        *sentence("{}, of commit {}: {}", Fact(name, code=True), Fact(load.commit[:8], code=True),
                  Fact(load.command, code=True)),
        *told,
    ]  # fmt: skip
