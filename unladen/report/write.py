"""The whole report of a target."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from unladen.report.commit_results import CommitResults, OtherParameters, commit_fact
from unladen.report.document import Block, Bullets, Document, Prose, Section, sentence
from unladen.report.figures import Fact
from unladen.report.sections import (
    baseline,
    bottlenecks,
    changes,
    concurrency,
    endurance,
    faults,
    gaps,
    latency,
    limits,
    live,
    method,
    scale,
    scaling,
)
from unladen.text.dates import day

SECTIONS: Sequence[Callable[[CommitResults], Section | None]] = (
    method.write,
    baseline.write,
    baseline.write_phases,
    scaling.write,
    scale.write,
    concurrency.write,
    latency.write,
    limits.write,
    faults.write,
    endurance.write_cancellation,
    endurance.write_memory,
    bottlenecks.write,
    changes.write,
    live.write,
    gaps.write,
)
"""In the order of the report. A section about which nothing was measured is left out, and one whose
series have other parameters than it is written for, which a line says."""

FINDINGS = 10
"""Lines of the summary, at most."""


def write(results: CommitResults) -> Document:
    """The report of a commit."""
    sections, left_out = [], []
    for make in SECTIONS:
        try:
            section = make(results)
        except OtherParameters as error:
            left_out.append(str(error))
        else:
            sections += [section] if section is not None else []
    return Document(
        title=[Fact(results.target), ": performance and robustness"],
        commit=results.commit.hash,
        lead=[*_lead(results, sections), *_left_out(left_out)],
        sections=sections,
    )


def _left_out(reasons: Sequence[str]) -> list[Block]:
    """A line for each section that cannot be written of these series."""
    lines = [sentence("A section is left out: {}.", Fact(reason)) for reason in reasons]
    return [Bullets(lines)] if lines else []


def _lead(results: CommitResults, sections: Sequence[Section]) -> list[Block]:
    text = Prose()
    text.say(
        "Report of {} at commit {} of {}, written from its results by {}. All figures are mock "
        "figures unless they stand in a section about a real model.",
        Fact(results.target),
        commit_fact(results.commit),
        Fact(day(results.commit.date)),
        Fact("unladen report", code=True),
    )
    findings = [found for section in sections for found in section.findings]
    findings.sort(key=lambda pair: pair[0])  # among equals, in the order of the sections
    blocks = text.paragraph()
    if findings:
        blocks.append(Bullets([spans for _, spans in findings[:FINDINGS]]))
    return blocks
