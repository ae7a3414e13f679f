"""How a difference of bytecodes is put down to its causes."""

from __future__ import annotations

from unladen.explain.code import LineText
from unladen.explain.contexts import Side
from unladen.explain.matching import Matching
from unladen.explain.work.c_functions import called_of_c
from unladen.explain.work.entries import find_entries
from unladen.explain.work.executed import executed
from unladen.explain.work.explained import ExplainedWork, Rest
from unladen.explain.work.ledger import CauseLedger
from unladen.explain.work.tally import CauseTally

WIDE = 30
"""So many changed functions are those of a release: the nearest one above some work says little."""


def explain_work(
    before: Side,
    after: Side,
    matching: Matching,
    texts: tuple[LineText, LineText],
    unit: str = "bytecodes",
) -> ExplainedWork:
    """``texts``: of the lines before and after; ``unit``: of what was counted."""
    is_wide = len(matching.why) >= WIDE
    own_only = _is_own_only(before) and _is_own_only(after)
    tallies = (
        CauseTally(before, matching, texts[0], own_only, is_before=True),
        CauseTally(after, matching, texts[1], own_only, is_before=False),
    )
    ledger = CauseLedger(tallies, matching)
    ledger.pass_on_frequency()
    moved = ledger.net_moves()
    sums = [side.own_bytecodes if own_only else side.bytecodes for side in (before, after)]
    sign = -1 if sums[1] < sums[0] else 1
    causes = ledger.causes(sign)
    rest = [
        Rest(name, change)
        for name in dict.fromkeys([*tallies[0].rest, *tallies[1].rest])
        if (change := tallies[1].rest[name] - tallies[0].rest[name])
    ]
    return ExplainedWork(
        before=sums[0],
        after=sums[1],
        causes=causes,
        rest=sorted(rest, key=lambda one: (-one.change * sign, one.name)),
        moved=moved,
        executed=executed(before, after, matching, own_only),
        is_own_only=own_only,
        unit=unit,
        c_functions=called_of_c(before, after, matching, own_only),
        entries=find_entries(before, after, matching, own_only) if is_wide else None,
    )


def _is_own_only(side: Side) -> bool:
    """Whether the series counts the SDK's own files only."""
    return side.value == side.own_bytecodes != side.bytecodes
