"""The result of a gate as a JUnit file: one test case for each series.

Written here: a library for it would be a dependency in place of sixty lines.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from unladen.compare.gate.model import COULD_NOT_JUDGE, Finding, GateResult, Judgement
from unladen.compare.gate.words import busy_machine, change, evidence, figure, outcome_change
from unladen.text.names import shown_name
from unladen.text.terminal import printable

_FAILURES = (Judgement.REGRESSION, Judgement.BROKEN, Judgement.WRONG, Judgement.GONE)


def render(result: GateResult) -> str:
    """XML. A series fails with its regressions and what broke; one that could not be judged is an
    error, or skipped if the user accepts that; it is skipped if nothing of it was measured."""
    by_series: dict[str, list[Finding]] = {}
    for one in result.findings:
        by_series.setdefault(one.cell.series.name, []).append(one)
    name = f"unladen gate {result.target} {result.base.short}..{result.head.short}"
    suite = ET.Element("testsuite", name=printable(name), time=f"{result.seconds:.1f}")
    counts = {"tests": len(by_series), "failures": 0, "skipped": 0, "errors": 0}
    for series, members in by_series.items():
        judgement = _add_case(suite, series, members, result)
        if judgement:
            counts[judgement] += 1
    if result.exit_code == 4 and not by_series:
        counts["errors"], counts["tests"] = 1, 1
        case = ET.SubElement(suite, "testcase", classname="unladen", name="gate")
        ET.SubElement(case, "error", message="nothing was measured")
    suite.attrib.update({key: str(number) for key, number in counts.items()})
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, "unicode") + "\n"


def _add_case(
    suite: ET.Element, series: str, members: Sequence[Finding], result: GateResult
) -> str:
    """Add the test case of a series; what it counts as, "" if it passed."""
    classname, _, name = shown_name(series).rpartition(".")
    case = ET.SubElement(suite, "testcase", classname=classname or "unladen", name=name)
    bad = [one for one in members if one.judgement in _FAILURES]
    if bad:
        worst = max(bad, key=lambda one: abs(one.worse) if one.worse is not None else 1e308)
        message = printable(f"{worst.cell.name}: {outcome_change([worst]) or change(worst)}")
        failure = ET.SubElement(case, "failure", message=message, type=worst.judgement.value)
        failure.text = "\n".join(map(_line, bad))
        return "failures"
    doubted = [one for one in members if one.judgement in COULD_NOT_JUDGE]
    if doubted:
        busy = busy_machine(result)
        message = f"could not be judged{'; ' * bool(busy)}{busy}"
        kind, counted = ("skipped", "skipped") if result.accepts_undecided else ("error", "errors")
        told = ET.SubElement(case, kind, message=message)
        told.text = "\n".join(map(_line, doubted))
        return counted
    if all(one.judgement is Judgement.NOT_MEASURED for one in members):
        reason = members[0].after.reason or members[0].after.status.value
        ET.SubElement(case, "skipped", message=printable(reason))
        return "skipped"
    return ""


def _line(one: Finding) -> str:
    said = (
        f"{one.cell.name}: {figure(one.before, one.cell)} -> {figure(one.after, one.cell)}: "
        f"{change(one)}; {one.after.reason or evidence(one)}"
    )
    return printable(said)
