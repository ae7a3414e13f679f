"""An explanation as text of at most 100 columns."""

from __future__ import annotations

from unladen.explain.code import Key
from unladen.explain.contexts import function_text
from unladen.explain.counted_text import counted_lines
from unladen.explain.entries_text import entries_lines
from unladen.explain.holders_text import holders_lines
from unladen.explain.imports_text import imports_lines
from unladen.explain.outcome_sides import one_is_wrong
from unladen.explain.outcomes_text import ended_lines, outcomes_lines
from unladen.explain.retained_text import peak_lines, retained_lines
from unladen.explain.rows import NUMBER, PARTS, WIDTH, bare, mark, row, times, where_touched
from unladen.explain.run import CommitPair, ExplainedFigure, ExplainedPair
from unladen.explain.waits_text import waits_lines
from unladen.explain.work.explained import Cause, CausePart, Executed, ExplainedWork
from unladen.text.terminal import fitted
from unladen.text.units import has_engineering_unit, quantity

CAUSES = 5
EXECUTED = 6


def render(explanation: ExplainedPair, *, everything: bool = False) -> str:
    """All figures of an explanation. ``everything``: all parts of each, not only the biggest."""
    pair = explanation.pair
    head = f"{explanation.target} {pair.before.short}..{pair.after.short}  {pair.after.subject}"
    blocks = [fitted(head, WIDTH)]
    blocks += [_figure(one, pair, everything) for one in explanation.figures]
    return "\n\n".join(blocks)


def _figure(figure: ExplainedFigure, pair: CommitPair, everything: bool) -> str:
    lines = [figure_head(figure)]
    if figure.imports is not None:
        return "\n".join([*lines, *imports_lines(figure.imports, pair, everything)])
    if figure.work is None:
        return "\n".join([*lines, f"  not explained: {figure.reason}"])
    work = figure.work
    if figure.outcomes is None and figure.sides is not None and one_is_wrong(*figure.sides):
        before, after = figure.sides
        lines += ended_lines((before.wrong, after.wrong))
    if figure.is_whole:
        lines.append(f"  work of its benchmark: {_amount(work)}")
    elif figure.before != work.before:
        lines.append(f"  work that was counted for it: {_amount(work)}")
    parts = [_work(work, pair, everything)]
    if figure.waits is not None and figure.waits.parting is not None:
        waited = waits_lines(figure.waits, pair, everything)
        parts = [waited, *parts] if figure.is_of_time else [*parts, waited]
    if figure.outcomes is not None:
        parts = [outcomes_lines(figure.outcomes, pair, everything), *parts]
    if figure.counted is not None:
        parts = [counted_lines(figure.counted, pair, everything), *parts]
    if figure.retained is not None and figure.retained.causes:
        parts = [retained_lines(figure.retained, pair, everything), *parts]
    if figure.peak is not None and figure.peak.causes:
        parts = [peak_lines(figure.peak, pair, everything), *parts]
    if figure.holders is not None and figure.holders.causes:
        parts = [holders_lines(figure.holders, pair, everything), *parts]
    return "\n".join([*lines, *(line for part in parts for line in part)])


def _work(work: ExplainedWork, pair: CommitPair, everything: bool) -> list[str]:
    if not work.change and not work.causes:
        return ["  every function does as much as before"]
    lines = [] if work.entries is None else entries_lines(work.entries, everything)
    lines.append("  cause, by functions that the commit changes (* it touches the line)")
    shown = work.causes if everything else work.causes[:CAUSES]
    for number, cause in enumerate(shown, 1):
        lines += _cause(number, cause, work, pair, everything)
    if left := work.causes[len(shown) :]:
        lines.append(
            row(sum(one.change for one in left), work.change, f"and {len(left)} more functions")
        )
    for rest in work.rest if everything else work.rest[:PARTS]:
        lines.append(row(rest.change, work.change, f"below no changed function: {rest.name}"))
    if not everything and (others := work.rest[PARTS:]):
        lines.append(
            row(sum(one.change for one in others), work.change, f"and {len(others)} more such")
        )
    lines.append(row(work.left_over, work.change, "left over"))
    lines.append(row(work.change, work.change, "together"))
    lines.append("  effect, by functions that execute more or less (* the commit touches it)")
    for one in work.executed if everything else work.executed[:EXECUTED]:
        lines.append(_executed(one, pair))
    if not everything and (more := work.executed[EXECUTED:]):
        total = sum(one.change for one in more)
        lines.append(f"  {total:>+{NUMBER},}  {len(more)} more functions")
    return [*lines, *_c_functions(work, everything)]


def _c_functions(work: ExplainedWork, everything: bool) -> list[str]:
    """What is called of C: nothing where that is as much as before."""
    if not work.c_functions:
        return []
    lines = ["  C functions, by how often they are called: what they do is in no bytecode"]
    for one in work.c_functions if everything else work.c_functions[:PARTS]:
        said = f"{one.name}: {times(one.calls)}, by {one.called_by}"
        lines.append(fitted(f"  {one.change:>+{NUMBER},}         {said}", WIDTH))
    if not everything and (more := work.c_functions[PARTS:]):
        total = sum(one.change for one in more)
        lines.append(f"  {total:>+{NUMBER},}  {len(more)} more C functions")
    return lines


def figure_head(figure: ExplainedFigure) -> str:
    """A figure's name, and its values if it has any."""
    series = figure.cell.series
    said = figure.cell.name
    if figure.before is None or figure.after is None:
        return said
    before, after = (
        quantity(one, series.unit, series.kind, series.codes)
        for one in (figure.before, figure.after)
    )
    plain = series.codes or has_engineering_unit(series.unit)
    return f"{said}: {before} -> {after}" + ("" if plain else f" {series.unit}")


def _amount(work: ExplainedWork) -> str:
    return f"{work.before:,} -> {work.after:,} {work.unit}"


def _cause(
    number: int, cause: Cause, work: ExplainedWork, pair: CommitPair, everything: bool
) -> list[str]:
    where = f"{cause.key.file}{where_touched(cause.key, pair)}"
    calls = "" if cause.calls[0] == cause.calls[1] else f", {times(cause.calls)}"
    lines = [
        row(cause.change, work.change, f"{number} {cause.key.name}  {where}  ({cause.why}{calls})")
    ]
    for part in cause.parts if everything else cause.parts[:PARTS]:
        lines.append(_part(part, cause.key, pair))
    return lines


def _part(part: CausePart, key: Key, pair: CommitPair) -> str:
    indent = f"  {part.change:>+{NUMBER},} {'':7}    "
    calls = "" if part.calls[0] == part.calls[1] else f" {times(part.calls)}"
    if part.place.is_more_calls:
        return fitted(f"{indent}calls {bare(part.place.into)}{calls or ' otherwise'}", WIDTH)
    where = f"{mark(key, part.line, pair)}{part.line}"
    into = f" -> {bare(part.place.into)}{calls}" if part.place.into else ""
    return fitted(f"{indent}{where}{into}: {part.place.text}", WIDTH)


def _executed(one: Executed, pair: CommitPair) -> str:
    mark = "*" if is_touched(one, pair) else " "
    by_cost = one.change - one.by_calls
    why = []
    if one.calls[0] != one.calls[1]:
        by = f" by {bare(one.called_by)}" if one.called_by else ""
        why.append(f"called {times(one.calls)}{by}")
    if by_cost and one.calls[0]:
        why.append(f"{by_cost:+,} for costing {'more' if by_cost > 0 else 'less'} a call")
    said = (
        f"{function_text(one.function)}: {'; '.join(why)}" if why else function_text(one.function)
    )
    return fitted(f"  {one.change:>+{NUMBER},}       {mark} {said}", WIDTH)


def is_touched(one: Executed, pair: CommitPair) -> bool:
    """Whether the diff touches a function that was executed."""
    key = one.function.key
    source = pair.new.source(key.file) if one.function.is_own else None
    function = source.functions.get(key.name) if source is not None else None
    if function is None:
        return False
    return pair.touched.hunk(key.file, range(function.first, function.last + 1)) is not None
