"""The whole report of a target."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from unladen.report.document import Block, Bullets, Document, Prose, Section, sentence
from unladen.report.figures import Fact
from unladen.report.measured import Measured, OtherParameters, commit_fact
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

SECTIONS: Sequence[Callable[[Measured], Section | None]] = (
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


def write(measured: Measured) -> Document:
    """The report of a commit."""
    sections, left_out = [], []
    for make in SECTIONS:
        try:
            section = make(measured)
        except OtherParameters as error:
            left_out.append(str(error))
        else:
            sections += [section] if section is not None else []
    return Document(
        title=[Fact(measured.target), ": performance and robustness"],
        commit=measured.commit.hash,
        lead=[*_lead(measured, sections), *_left_out(left_out)],
        sections=sections,
    )


def _left_out(reasons: Sequence[str]) -> list[Block]:
    """A line for each section that cannot be written of these series."""
    lines = [sentence("A section is left out: {}.", Fact(reason)) for reason in reasons]
    return [Bullets(lines)] if lines else []


def _lead(measured: Measured, sections: Sequence[Section]) -> list[Block]:
    text = Prose()
    text.say(
        "Report of {} at commit {} of {}, written from its results by {}. All figures are mock "
        "figures unless they stand in a section about a real model.",
        Fact(measured.target),
        commit_fact(measured.commit),
        Fact(day(measured.commit.date)),
        Fact("unladen report", code=True),
    )
    findings = [found for section in sections for found in section.findings]
    findings.sort(key=lambda pair: pair[0])  # among equals, in the order of the sections
    blocks = text.paragraph()
    if findings:
        blocks.append(Bullets([spans for _, spans in findings[:FINDINGS]]))
    return blocks
