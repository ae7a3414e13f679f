"""A load as a JUnit file: one test case for the load, and one for each criterion."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Sequence

from unladen.load.acceptance import JudgedCriterion, figure_text
from unladen.load.report import LoadReport
from unladen.load.text import headline
from unladen.results.bounds import Met
from unladen.text.terminal import printable


def render(report: LoadReport, judged: Sequence[JudgedCriterion]) -> str:
    """XML. The load is an error if it broke off or held no request; a criterion that is not met is
    a failure, one that could not be measured is skipped, unless it is required."""
    plan = report.plan
    name = printable(f"unladen load {plan.profile} {plan.subject}")
    suite = ET.Element("testsuite", name=name, time=f"{report.seconds:.1f}")
    counts = Counter([_add_load(suite, report)])
    counts.update(_add_case(suite, one) for one in judged)
    suite.attrib["tests"] = str(1 + len(judged))
    for kind in ("failure", "error", "skipped"):
        suite.attrib[{"failure": "failures", "error": "errors"}.get(kind, kind)] = str(counts[kind])
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, "unicode") + "\n"


def _add_load(suite: ET.Element, report: LoadReport) -> str:
    case = ET.SubElement(suite, "testcase", classname="unladen.load", name="load")
    if not report.total.requests or not report.is_whole:
        why = "the load broke off" if report.total.requests else "nothing was measured"
        ET.SubElement(case, "error", message=why)
    ET.SubElement(case, "system-out").text = printable(headline(report))
    return "passed" if case.find("error") is None else "error"


def _add_case(suite: ET.Element, one: JudgedCriterion) -> str:
    case = ET.SubElement(
        suite, "testcase", classname="unladen.load", name=printable(one.criterion.title)
    )
    if one.met is Met.YES:
        return "passed"
    if one.value is None:
        kind = "failure" if one.is_bad else "skipped"
        ET.SubElement(case, kind, message="it was not measured")
        return kind
    limit = figure_text(one.criterion, one.criterion.limit)
    said = f"{figure_text(one.criterion, one.value)}, not {one.criterion.bound.sign} {limit}"
    ET.SubElement(case, "failure", message=said)
    return "failure"
