"""What others say or ask of the target, one by one, beside what is measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from unladen.repo.commits import SHORT
from unladen.report.commit_results import CommitResults
from unladen.report.document import Block, Bullets, Prose, Section, Spans, Table, joined, sentence
from unladen.report.figures import Fact
from unladen.report.held_claims import HeldClaim, HeldClaims, HeldFigure, held_claims
from unladen.results.claims import Part
from unladen.results.loads import KeptLoad

_RANK = 2
"""Of what the summary says of it."""


def write(results: CommitResults) -> Section | None:
    """A table for each part of the claims; None where nobody has said anything."""
    held = held_claims(results)
    if held is None:
        return None
    text = Prose()
    text.say(
        "From {}. Each line is put into English, with where it stands; beside it is what is "
        "measured, by which series at the commit of this report or by which load, and whether "
        "the two agree. The model is a mock: where time is a model's, the figure says how much "
        "the service adds to it.",
        Fact(held.claims.source),
    )
    text.say("{}", counted(held, "Of"))
    finding = [Fact(held.claims.title), ": ", *counted(held, "of")]
    return Section(
        held.claims.title, [*text.paragraph(), *tables(results, held)], [(_RANK, finding)]
    )


def counted(held: HeldClaims, begins: str) -> Spans:
    """A sentence that says how many of the claims agree with what is measured."""
    counts = held.counts
    numbers = (counts.claims, counts.agree, counts.disagree, counts.partly, counts.unmeasured)
    return sentence(
        begins
        + " {} claims, targets and questions {} agree with what is measured, {} do not, {} do in "
        "part, and {} are not measured; the rest is answered.",
        *(Fact(f"{number:,}") for number in numbers),
    )


def tables(results: CommitResults, held: HeldClaims) -> list[Block]:
    """A table for each part, and what repeats the loads that figures are from."""
    return [*(_table(*part) for part in held.parts), *_loads(results, held)]


def _table(part: Part, held: Sequence[HeldClaim]) -> Block:
    head: list[Spans] = [["where"], ["it says"], ["measured"], ["by"], ["so"]]
    return Table([Fact(part.title)], head, [_row(one) for one in held], text_columns=len(head))


def _row(one: HeldClaim) -> list[Spans]:
    claim = one.claim
    told = _told(one.figures) or [[Fact(claim.unmeasured)]]
    if claim.remark:
        told.append([Fact(claim.remark)])
    by: list[Spans] = [[Fact(name, code=True)] for name in dict.fromkeys(f.by for f in one.figures)]
    return [
        [Fact(claim.where)],
        [Fact(claim.says)],
        joined(told, "; "),
        joined(by, "; "),
        [one.verdict],
    ]


def _told(figures: Iterable[HeldFigure]) -> list[Spans]:
    """What each shows; why there is no figure once."""
    told: list[Spans] = []
    reasons = set()
    for one in figures:
        figure, why = one.cited.figure, one.cited.why
        if one.bearing is None and why in reasons:
            continue
        reasons.add(why)
        before: Spans = [Fact(one.wanted.of), ": "] if one.wanted.of else []
        told.append([*before, Fact(why) if figure is None else figure])
    return told


def _loads(results: CommitResults, held: HeldClaims) -> list[Block]:
    wanted = (figure.wanted.load for one in held.every() for figure in one.figures)
    loads = dict.fromkeys(name for name in wanted if name in results.loads)
    if not loads:
        return []
    text = Prose()
    text.say("The loads, each repeated to the digit by its command:")
    called = {commit.hash: commit.short for commit in results.history.commits}
    items = [_repeated(name, results.loads[name], called) for name in loads]
    return [*text.paragraph(), Bullets(items)]


def _repeated(name: str, load: KeptLoad, called: Mapping[str, str]) -> Spans:
    commit = called.get(load.commit, load.commit[:SHORT])
    trouble: Spans = [": ", Fact(load.trouble)] if load.trouble else []
    told: Spans = ["; it breaks off", *trouble] if load.trouble else []
    return [
        *sentence("{}, of commit {}: {}", Fact(name, code=True), Fact(commit, code=True),
                  Fact(load.command, code=True)),
        *told,
    ]  # fmt: skip
