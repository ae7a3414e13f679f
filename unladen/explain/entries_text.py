"""Where a difference between releases leads into other code, as text."""

from __future__ import annotations

from unladen.explain.contexts import function_text
from unladen.explain.rows import WIDTH, bare, row, times
from unladen.explain.work.entries import SURROUNDINGS, Entries, EntryCall, share_saved
from unladen.text.terminal import fitted

SHOWN = 6


def entries_lines(found: Entries, everything: bool) -> list[str]:
    """The biggest entries with what would go if they were called once, and what stayed."""
    whole = found.change
    lines = ["  entries, where code that ran on both sides leads into code that did not"]
    shown = found.entries if everything else found.entries[:SHOWN]
    for number, one in enumerate(shown, 1):
        lines += _entry(number, one, whole)
    if left := found.entries[len(shown) :]:
        more = f"and {len(left)} more entries"
        lines.append(row(sum(one.change for one in left), whole, more))
    stayed = found.stayed if everything else found.stayed[:SHOWN]
    lines += [row(one.change, whole, f"below no entry: {one.name}") for one in stayed]
    if others := found.stayed[len(stayed) :]:
        lines.append(row(sum(one.change for one in others), whole, f"and {len(others)} more such"))
    return [*lines, row(whole, whole, "together")]


def _entry(number: int, one: EntryCall, whole: int) -> list[str]:
    caller = SURROUNDINGS if one.caller is None else function_text(one.caller)
    said = (
        f"{number} {bare(caller)} -> {function_text(one.callee)}  ({one.why}, {times(one.calls)})"
    )
    lines = [row(one.change, whole, said)]
    if once := share_saved(one.saved_by_one_call, whole):
        removed = share_saved(one.amounts[1], whole)
        what = f"called once: {once:.1%} would go; cached: at most that; removed: {removed:.1%}"
        lines.append(fitted(f"  {'':12} {'':7}    what if {what}", WIDTH))
    return lines
