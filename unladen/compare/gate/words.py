"""How findings are worded, wherever they are shown."""

from __future__ import annotations

import math
from collections.abc import Sequence

from unladen.changes.outcomes import sentence
from unladen.compare.ab.cells import Cell, Sample
from unladen.compare.ab.statistics import Estimate
from unladen.compare.gate.model import (
    COULD_NOT_JUDGE,
    NOTHING_MEASURED,
    Finding,
    GateResult,
    Judgement,
)
from unladen.repo.commits import SHORT
from unladen.store.series import Status, cell_text
from unladen.text.counts import count_text
from unladen.text.units import has_engineering_unit, quantity

HEADLINES = {
    0: "No regression",
    1: "Regression",
    3: "Broken",
    4: "Nothing was measured",
    5: "Could not judge",
}


def headline(result: GateResult) -> str:
    """The verdict in one line, with numbers, and with what kept it from being one."""
    code = result.code
    words = HEADLINES[code]
    if result.same_code and not result.findings:
        return f"{words}: both commits hold the same code, so nothing was measured"
    if result.spared and not result.findings:
        return f"{words}: what differs is opened by no benchmark, so nothing was measured"
    if code == NOTHING_MEASURED:
        return words
    counts = [
        _count(result, "regression", Judgement.REGRESSION),
        _count(result, "broken", Judgement.BROKEN),
        _count(result, "wrong", Judgement.WRONG),
        _count(result, "gone", Judgement.GONE),
        _count(result, "accepted", Judgement.ACCEPTED),
        _count(result, "better", Judgement.IMPROVEMENT),
        _count(result, "minor", Judgement.MINOR, Judgement.MINOR_BETTER),
        _count(result, "undecided", Judgement.UNDECIDED),
        _count(result, "unsteady", Judgement.UNSTEADY),
        _count(result, "flagged", Judgement.FLAGGED),
    ]
    said = ", ".join(filter(None, counts)) or "no change"
    line = f"{words}: {said} in {len(result.findings)} values"
    is_doubted = bool(result.having(*COULD_NOT_JUDGE))
    busy = busy_machine(result)
    return f"{line}; {busy}" if is_doubted and busy else line


def spared(result: GateResult) -> str:
    """Which series were not measured at both commits, and why; "" if all were."""
    found = result.spared
    if found is None:
        return ""
    number = len(found.series)
    series = count_text(number, "series was", "series were")
    files = f"the {found.files} files that differ" if found.files > 1 else "the file that differs"
    return (
        f"{series} not measured at both commits: their processes open nothing of {files} "
        f"(seen at {found.commit[:SHORT]})"
    )


def busy_machine(result: GateResult) -> str:
    """What else the machine had to do; "" if it was quiet."""
    if result.load is None or not result.load.is_busy:
        return ""
    return f"the machine was busy ({result.load})"


def change(finding: Finding) -> str:
    """By how much and which way: ``12.3 % worse``."""
    if finding.worse is None or finding.judgement in (Judgement.WRONG, Judgement.RIGHT):
        return finding.judgement.value
    word = "worse" if finding.worse > 0 else "better"
    size = abs(finding.worse)
    if math.isinf(size):
        return word
    if finding.cell.series.is_of_exponents:
        return f"{size:.3g} {word}"
    return f"{_percent(size)} {word}"


def outcome_change(findings: Sequence[Finding]) -> str:
    """What cells that changed alike do now: ``now hangs when 'offer: hangs' (was typed error)``;
    "" where they have no two outcomes to compare."""
    before, after = findings[0].before, findings[0].after
    if not (before.values and after.values):
        return ""
    series = findings[0].cell.series
    cases = [cell_text(one.cell.params) for one in findings]
    return sentence(series, cases, before.level, after.level)


def evidence(finding: Finding) -> str:
    """What the change rests on: ``certain``, or the interval of the rounds; what is wrong with an
    outcome."""
    if finding.judgement is Judgement.WRONG:
        return finding.after.reason or "nobody says what is wrong"
    if finding.cell.series.is_exact:
        return finding.note or "certain"
    seen = finding.again or finding.first
    if seen is None:
        return finding.note
    return f"{interval(seen)}, {seen.rounds} rounds, p {p_value(seen.p)}"


def interval(seen: Estimate) -> str:
    """The 95 % interval of after / before: ``x1.08 to 1.13``."""
    low, high = math.exp(seen.low), math.exp(seen.high)
    return f"x{low:.3g} to {high:.3g}" if math.isfinite(seen.low) else "too few rounds to tell"


def p_value(p: float) -> str:
    """Short: ``0.002``, ``<0.0001``."""
    return f"{p:.2g}" if p >= 1e-4 else "<0.0001"


def figure(sample: Sample, cell: Cell) -> str:
    """A sample's figure with its unit, that of a wrong outcome marked; ``failed``, ``n/a`` without
    one."""
    if not sample.values:
        return {Status.NOT_APPLICABLE: "n/a"}.get(sample.status, sample.status.value)
    unit = cell.series.unit
    text = quantity(sample.level, unit, cell.series.kind, cell.series.codes)
    is_bare = not unit or has_engineering_unit(unit) or cell.series.codes
    text = text if is_bare else f"{text} {unit}"
    return f"{text} (wrong)" if sample.status is Status.WRONG else text


def _percent(size: float) -> str:
    if size >= 10:
        return f"{size + 1:.3g} times"
    return f"{100 * size:.3g} %"


def _count(result: GateResult, word: str, *judgements: Judgement) -> str:
    number = len(result.having(*judgements))
    plural = "s" if word == "regression" and number > 1 else ""
    return f"{number} {word}{plural}" if number else ""
