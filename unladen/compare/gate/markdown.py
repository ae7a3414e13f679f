"""A verdict on one screen of Markdown, for a pull request's comment or a terminal."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Sequence

from unladen.compare.gate.model import UNDECIDED, Finding, GateResult, Judgement
from unladen.compare.gate.words import (
    busy_machine,
    change,
    evidence,
    figure,
    headline,
    outcome_change,
    spared,
)
from unladen.text.names import shown_name
from unladen.text.terminal import fitted, printable

ROWS = 8
"""Of each table; of the lists half as many."""

CASES = 4
"""Of those that changed their outcome in the same way."""

_SIGNS = {0: "✅", 1: "❌", 3: "❌", 4: "⚠️", 5: "⚠️"}


def render(result: GateResult, command: str) -> str:
    """Markdown. ``command``: how this target's unladen is called, such as ``unladen``."""
    parts = [
        f"### {_SIGNS[result.code]} {headline(result)}",
        _commits(result),
        _table("Worse", result.having(Judgement.REGRESSION)),
        _outcomes(result.having(Judgement.REGRESSION)),
        _failures(result.having(Judgement.BROKEN, Judgement.GONE)),
        _table("Goes wrong", result.having(Judgement.WRONG), ROWS // 2),
        _table("Better", result.having(Judgement.IMPROVEMENT), ROWS // 2),
        _outcomes(result.having(Judgement.IMPROVEMENT), ROWS // 2),
        _lines(
            *_accepted(result.having(Judgement.ACCEPTED)),
            _list("Worse, but below its threshold", result.having(Judgement.MINOR)),
        ),
        _lines(
            _list("Works now", result.having(Judgement.WORKS, Judgement.NEW)),
            _list("Right again", result.having(Judgement.RIGHT)),
        ),
        _doubtful(result),
        _not_measured(result),
        spared(result),
        "\n".join(f"- {_text(remark)}" for remark in result.remarks),
        _how_to_judge(result),
        _reproduce(result, command),
    ]
    return "\n\n".join(part for part in parts if part)


def _commits(result: GateResult) -> str:
    lines = [
        f"{_text(result.target)}: `{commit.short}` {_text(fitted(commit.subject, 70))} ({role})"
        for role, commit in (("base", result.base), ("head", result.head))
    ]
    how = []
    if result.python:
        how.append(f"Python {result.python}")
    if result.rounds:
        how.append(f"sampled series in {result.rounds} rounds side by side")
    how.append(f"{result.seconds:.0f} s")
    if result.waited:
        how.append(f"{result.waited:.0f} s of them waiting for a quiet machine")
    if busy := busy_machine(result):
        how.append(busy)
    return "\\\n".join([*lines, *_cut(result), ", ".join(how)])


def _cut(result: GateResult) -> list[str]:
    """A line on what BASE has done since the commit that is compared."""
    cut = result.cut
    if cut is None:
        return []
    commits = f"{cut.commits} commit{'s' * (cut.commits != 1)}"
    line = (
        f"compared with `{result.base.short}`, where the branch was cut or last got BASE, which "
        f"has gone on by {commits} since, to `{cut.named.short}`"
    )
    if not cut.values:
        return [f"{line}: what that changed is not measured"]
    if not cut.changed:
        return [f"{line}: of {cut.values} exact values that are stored of both, none changed"]
    shown = _one_a_series(sorted(cut.changed, key=lambda one: -abs(one.worse or 0.0)))
    named = [f"{_code(one.cell.name)} {_text(change(one))}" for one in shown[: ROWS // 2]]
    more = f" and {len(shown) - ROWS // 2} more series" if len(shown) > ROWS // 2 else ""
    return [f"{line}; there: {', '.join(named)}{more}"]


def _table(title: str, findings: Sequence[Finding], rows: int = ROWS) -> str:
    if not findings:
        return ""
    lines = [f"| {title} | base | head | change | evidence |", "|---|---:|---:|---:|---|"]
    for one in _one_a_series(findings)[:rows]:
        cells = [
            _code(one.cell.name) + _others(one, findings),
            _text(figure(one.before, one.cell)),
            _text(figure(one.after, one.cell)),
            change(one),
            _text(fitted(evidence(one), 160)),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    left = len(_one_a_series(findings)) - rows
    return "\n".join([*lines, *([f"\nand {left} more series"] if left > 0 else [])])


def _outcomes(findings: Sequence[Finding], rows: int = ROWS) -> str:
    """A line for all cases with the same outcome before and the same after."""
    alike: dict[tuple[str, str, str], list[Finding]] = {}
    for one in findings:
        if outcome_change([one]):
            before, after = (figure(sample, one.cell) for sample in (one.before, one.after))
            alike.setdefault((one.cell.series.name, before, after), []).append(one)
    lines = []
    for members in list(alike.values())[:rows]:
        left = len(members) - CASES
        more = f" and {left} more" if left > 0 else ""
        lines.append(f"- {_text(outcome_change(members[:CASES]))}{more}")
    left = len(alike) - rows
    return "\n".join([*lines, *([f"- and {left} more kinds of change"] if left > 0 else [])])


def _failures(findings: Sequence[Finding]) -> str:
    """Grouped by reason: one cause breaks many series."""
    by_reason: dict[tuple[Judgement, str], list[Finding]] = {}
    for one in findings:
        by_reason.setdefault((one.judgement, one.after.reason), []).append(one)
    lines = []
    for (judgement, reason), members in list(by_reason.items())[: ROWS // 2]:
        more = f" and {len(members) - 1} more" if len(members) > 1 else ""
        said = _code(fitted(reason, 160)) if reason else "no reason given"
        lines.append(f"- **{judgement.value}**: {_code(members[0].cell.name)}{more}: {said}")
    left = len(by_reason) - ROWS // 2
    return "\n".join([*lines, *([f"- and {left} more reasons"] if left > 0 else [])])


def _list(title: str, findings: Sequence[Finding]) -> str:
    shown = _one_a_series(findings)
    if not shown:
        return ""
    names = [f"{_code(one.cell.name)} {_text(_changed(one))}" for one in shown[: ROWS // 2]]
    left = len(shown) - ROWS // 2
    return f"{title}: {', '.join(names)}" + (f" and {left} more series" if left > 0 else "")


def _lines(*lines: str) -> str:
    """Those that there are, below each other in one paragraph."""
    return "\\\n".join(filter(None, lines))


def _accepted(findings: Sequence[Finding]) -> list[str]:
    """What is worse, and why it may be: a line for each reason, the first ones."""
    by_reason: dict[str, list[Finding]] = {}
    for one in findings:
        by_reason.setdefault(one.note, []).append(one)
    reasons = [*by_reason.items()][: ROWS // 2]
    return [f"{_list('Worse', found)}; {_text(note)}" for note, found in reasons]


def _changed(finding: Finding) -> str:
    """By how much; of what is right again both figures, of which one is no measure of the other."""
    if finding.judgement is not Judgement.RIGHT:
        return change(finding)
    before, after = (figure(one, finding.cell) for one in (finding.before, finding.after))
    return f"{before} -> {after}"


def _doubtful(result: GateResult) -> str:
    parts = [
        _list("Flagged, but not confirmed", result.having(Judgement.CLEARED)),
        _list("Could not be judged; as measured", result.having(Judgement.UNDECIDED)),
        _list("Flagged, like others of their series", result.having(Judgement.FLAGGED)),
        _list("Exact, but not steady", result.having(Judgement.UNSTEADY)),
    ]
    return "\n\n".join(filter(None, parts))


def _how_to_judge(result: GateResult) -> str:
    if result.code != UNDECIDED:
        return ""
    accepted = "accepted by --accept-undecided" if result.accepts_undecided else "exit code 5"
    return (
        "These values may hide a regression of twice their threshold: what was measured scatters "
        f"too much to rule it out ({accepted}). A quiet machine, a longer `--budget` or a higher "
        "`--threshold` for them helps."
    )


def _not_measured(result: GateResult) -> str:
    missing = result.having(Judgement.NOT_MEASURED)
    if not missing:
        return ""
    reasons = Counter(
        (one.after.status.value, one.after.reason or one.before.reason) for one in missing
    )
    said = [
        f"{number} {status}" + (f" ({_code(fitted(reason, 70))})" if reason else "")
        for (status, reason), number in reasons.most_common(ROWS // 2)
    ]
    more = " ..." if len(reasons) > ROWS // 2 else ""
    return f"Not measured: {len(missing)} values: {'; '.join(said)}{more}"


def _reproduce(result: GateResult, command: str) -> str:
    worst = result.having(Judgement.BROKEN, Judgement.WRONG, Judgement.GONE)
    worst += result.having(Judgement.REGRESSION)
    if not worst:
        return ""
    name = worst[0].cell.series.name
    commits = f"{result.base.short} {result.head.short}"
    series = shlex.quote("^" + re.escape(shown_name(name)) + "$")
    exactly = " --exact-base" * result.is_exact_base
    lines = [f"{command} gate {commits}{exactly} --series {series}"]
    if not result.is_base_held:  # nothing leads from the one to the other
        return f"To see one of them again:\n\n    {lines[0]}"
    lines.append(f"{command} bisect {shlex.quote(worst[0].cell.name)} {commits}")
    return "To see one of them again, and to find its commit:\n\n" + "\n".join(
        f"    {line}" for line in lines
    )


def _one_a_series(findings: Sequence[Finding]) -> list[Finding]:
    """Of each series the biggest change; in the order given."""
    first: dict[str, Finding] = {}
    for one in findings:
        first.setdefault(one.cell.series.name, one)
    return list(first.values())


def _others(finding: Finding, findings: Sequence[Finding]) -> str:
    number = sum(one.cell.series.name == finding.cell.series.name for one in findings) - 1
    return f" and {number} more" if number else ""


def _code(text: str) -> str:
    """As code: a backtick would end it, a bar the cell of a table."""
    return f"`{printable(text).replace('`', chr(39)).replace('|', '/')}`"


def _text(text: str) -> str:
    """Others' words, without what Markdown or HTML would obey."""
    escaped = re.sub(r"([\\`*_{}\[\]|#~!])", r"\\\1", printable(text))
    escaped = escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace("@", "@\u200b").replace("://", ":\u200b//")
