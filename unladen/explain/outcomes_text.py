"""Where two commits part that end otherwise, as text."""

from __future__ import annotations

from unladen.explain.code import Key
from unladen.explain.outcomes import CallMade, CallParting, Outcomes, RaisedChange, TraceLine
from unladen.explain.rows import PARTS, WIDTH, mark, times, where_touched
from unladen.explain.run import CommitPair
from unladen.text.terminal import fitted, printable

INDENT = " " * 4
SUSPECTS = 5


def outcomes_lines(outcomes: Outcomes, pair: CommitPair, everything: bool) -> list[str]:
    """The lines, the calls and the exceptions that differ."""
    lines = ended_lines(outcomes.wrong) if any(outcomes.wrong) else []
    parting = outcomes.parting
    if parting is not None:
        said = f"the traces part after {parting.common:,} lines of the SDK's own code"
        lines.append(_fitted(f"  {said} (* the commit touches it)"))
        if parting.last is not None:
            lines.append(_fitted(f"{INDENT}last    {_line(parting.last, pair, True)}"))
        lines.append(_fitted(f"{INDENT}before  {_line(parting.before, pair, False)}"))
        lines.append(_fitted(f"{INDENT}now     {_line(parting.after, pair, True)}"))
    if outcomes.call is not None:
        lines += _call(outcomes.call)
    if outcomes.raised:
        lines.append("  exceptions that come up in the SDK's own code, by function")
    shown = outcomes.raised if everything else outcomes.raised[:PARTS]
    lines += [_raised(one, pair) for one in shown]
    if left := len(outcomes.raised) - len(shown):
        lines.append(f"{INDENT}and {left} more")
    if any(outcomes.wrong) or not outcomes.causes:
        lines += _suspects(outcomes, pair, everything)
    return lines or ["  both do the same, line by line"]


def ended_lines(both: tuple[str, str]) -> list[str]:
    """What came of it, before and after. ``both``: what was wrong, or ""."""
    lines = []
    for name, wrong in zip(("before", "now   "), both, strict=True):
        said = f"wrong, {printable(wrong)}" if wrong else "right"
        lines.append(_fitted(f"  what came of it {name}  {said}"))
    return lines


def _suspects(outcomes: Outcomes, pair: CommitPair, everything: bool) -> list[str]:
    """Who ran before the two part, and was changed."""
    if not outcomes.suspects:
        return []
    what = "what else" if outcomes.causes else "what"
    when = " before that" if outcomes.parting is not None else ""
    lines = [f"  {what} may have parted them: changed functions that ran{when}"]
    suspects = outcomes.suspects
    shown = suspects if everything else suspects[:SUSPECTS]
    for number, one in enumerate(shown, 1):
        where = f"{one.key.file}{where_touched(one.key, pair)}"
        lines.append(_fitted(f"{INDENT}{number} {one.key.name}  {where}  ({one.why}; {one.does})"))
        if one.text:
            line = f"{mark(one.key, one.line, pair)}{one.line}" if one.line else " before"
            lines.append(_fitted(f"{INDENT}    {line}: {one.text}"))
    if left := len(suspects) - len(shown):
        lines.append(f"{INDENT}and {left} more functions")
    return lines


def _line(line: TraceLine | None, pair: CommitPair, is_after: bool) -> str:
    if line is None:
        return "  the end"
    touched = is_after and is_line_touched(line, pair)
    return f"{'*' if touched else ' '} {line.key.name}:{line.line}: {line.text}{_for(line)}"


def is_line_touched(line: TraceLine, pair: CommitPair) -> bool:
    """Whether the diff touches a line, as it is after the commit."""
    return pair.touched.at(line.key.file, line.line) is not None


def _for(line: TraceLine) -> str:
    is_elsewhere = line.cause is not None and line.cause != line.key
    return f"  for {_name(line.cause)}" if is_elsewhere else ""


def _name(key: Key | None) -> str:
    return "" if key is None else key.name


def _call(parting: CallParting) -> list[str]:
    return [
        _fitted(f"  the first model call that differs is number {parting.number}"),
        _fitted(f"{INDENT}before    {_made(parting.before)}"),
        _fitted(f"{INDENT}now       {_made(parting.after)}"),
    ]


def _made(made: CallMade | None) -> str:
    if made is None:
        return "none"
    call = made.call
    who = f" of {call.agent}" if call.agent else ""
    by = f", by {call.frames[0].key.name}:{call.frames[0].line}" if call.frames else ""
    cause = f" for {made.cause.name}" if made.cause is not None else ""
    return printable(f"{call.role}{who}: {call.outcome}{by}{cause}")


def _raised(one: RaisedChange, pair: CommitPair) -> str:
    return _fitted(f"{INDENT}{times(one.times)}: {one.name} in {_line(one.where, pair, True)}")


def _fitted(text: str) -> str:
    return fitted(text, WIDTH)
