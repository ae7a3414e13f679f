"""The whole report of a target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from unladen.report.capability_reports import capability_reports
from unladen.report.commit_results import CommitResults, OtherParameters, commit_fact
from unladen.report.document import Block, Bullets, Document, Prose, Section, sentence
from unladen.report.figures import Fact
from unladen.report.sections import changes, claims, explained, gaps, levels, live, method
from unladen.report.wording import CapabilityReport, Write
from unladen.text.dates import day

AT_THE_END: Sequence[Write] = (
    claims.write,
    levels.write,
    changes.write,
    explained.write,
    live.write,
    gaps.write,
)
"""After the sections of the capabilities."""

FINDINGS = 10
"""Lines of the summary, at most."""


def write(results: CommitResults) -> Document:
    """The report of a commit. A section about which nothing was measured is left out, and one whose
    series have other parameters than it is written for, which a line says."""
    reports = _reports(results)
    sections, left_out = [method.write(results, [one.checked for one in reports])], []
    several = len(reports) > 1
    makers = [
        (one.wording.many if several else "", make) for one in reports for make in one.sections
    ]
    for about, make in [*makers, *(("", make) for make in AT_THE_END)]:
        try:
            section = make(results)
        except OtherParameters as error:
            left_out.append(str(error))
        else:
            sections += [_titled(section, about)] if section is not None else []
    return Document(
        title=[Fact(results.target), ": performance and robustness"],
        commit=results.commit.hash,
        lead=[*_lead(results, sections), *_left_out(left_out)],
        sections=sections,
    )


def _reports(results: CommitResults) -> Sequence[CapabilityReport]:
    """Those of the capabilities that any series has a value of."""
    asked = {one.info.capability for one in results.all_series() if results.series(one.name)}
    return [one for one in capability_reports() if one.wording.capability in asked]


def _titled(section: Section, about: str) -> Section:
    """With what it is about before its title and its findings, where a report is about several
    capabilities."""
    if not about:
        return section
    begins = f"{about.capitalize()}: "
    findings = [(rank, [begins, *spans]) for rank, spans in section.findings]
    return replace(section, title=f"{begins}{section.title}", findings=findings)


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
