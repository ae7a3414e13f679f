"""The levels that the target is to reach, and which it reaches."""

from __future__ import annotations

from unladen.report.commit_results import CommitResults
from unladen.report.document import Block, Prose, Section, Spans, Table, joined, sentence
from unladen.report.figures import Fact
from unladen.report.held_levels import HeldCriterion, HeldLevel, held_levels
from unladen.results.bounds import Met
from unladen.text.names import shown_name

_RANK = 3
"""Of what the summary says of it."""


def write(results: CommitResults) -> Section | None:
    """A table for each level; None where nobody has said what is to be reached."""
    if results.levels is None:
        return None
    judged = held_levels(results)
    text = Prose()
    text.say(
        "From {}. Each criterion is held against the figure of its series at the commit of this "
        "report. A level is met if no criterion of it fails and at least one was measured.",
        Fact(results.levels.source),
    )
    told: list[Spans] = [_told(one) for one in judged]
    text.say("So {}.", joined(told, "; "))
    blocks: list[Block] = [*text.paragraph(), *map(_table, judged)]
    finding = [Fact(results.levels.title), ": ", *joined(told, "; "), "."]
    return Section(results.levels.title, blocks, [(_RANK, finding)])


def _told(judged: HeldLevel) -> Spans:
    counts = [Fact(f"{judged.count(met):,}") for met in (Met.YES, Met.NO, Met.UNMEASURED)]
    return sentence(
        "{} is {} ({} met, {} not met, {} not measured)",
        Fact(judged.level.name),
        judged.met.value,
        *counts,
    )


def _table(judged: HeldLevel) -> Block:
    level = judged.level
    caption: Spans = [Fact(f"{level.name}: {level.about}" if level.about else level.name)]
    head: list[Spans] = [["criterion"], ["to be"], ["measured"], ["by"], ["so"]]
    rows = [_row(one) for one in judged.criteria]
    return Table(caption, head, rows, text_columns=len(head))


def _row(one: HeldCriterion) -> list[Spans]:
    figure = one.cited.figure
    return [
        [Fact(one.criterion.name)],
        [Fact(one.limit)] if one.limit else ["–"],
        [figure if figure is not None else Fact(one.cited.why)],
        [Fact(cited_by(one), code=True)] if cited_by(one) else ["–"],
        [one.met.value],
    ]


def cited_by(one: HeldCriterion) -> str:
    """The series or the load that a criterion cites, with the model that it is priced as; empty if
    nothing measures it."""
    criterion = one.criterion
    name = f"load {criterion.load}" if criterion.load else shown_name(criterion.series)
    return f"{name} as {criterion.priced_as}" if criterion.priced_as else name
