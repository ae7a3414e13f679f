"""Which C functions are called more often or less often, and by whom: bytecodes see nothing of what
these do."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace

from unladen.explain.contexts import Side, function_text
from unladen.explain.matching import Matching
from unladen.explain.work.explained import CalledOfC


def called_of_c(before: Side, after: Side, matching: Matching, own_only: bool) -> list[CalledOfC]:
    """The biggest change first. ``own_only``: those that the SDK's own functions call."""
    callers: defaultdict[str, Counter[str]] = defaultdict(Counter)
    calls: tuple[Counter[str], Counter[str]] = Counter(), Counter()
    for number, side in enumerate((before, after)):
        for context in side.contexts:
            function = context.function
            if own_only and not function.is_own:
                continue
            key = matching.now(function.key) if function.is_own and number == 0 else function.key
            caller = function_text(replace(function, key=key))
            for name, times in context.c_calls.items():
                calls[number][name] += times
                callers[name][caller] += times if number else -times
    found = []
    for name, more in callers.items():
        change = calls[1][name] - calls[0][name]
        if change:
            sign = 1 if change > 0 else -1
            most = min(more, key=lambda one: (-sign * more[one], one))
            found.append(CalledOfC(name, (calls[0][name], calls[1][name]), most))
    return sorted(found, key=lambda one: (-abs(one.change), one.name))
