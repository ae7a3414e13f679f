"""Where a difference of bytecodes is executed, whoever its cause is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from unladen.explain.contexts import RunFunction, Side, function_text
from unladen.explain.matching import Matching
from unladen.explain.work.explained import Executed


def executed(before: Side, after: Side, matching: Matching, own_only: bool) -> list[Executed]:
    old, new = _by_function(before, matching, True), _by_function(after, matching, False)
    found = []
    for function in dict.fromkeys([*old, *new]):
        was, now = old.get(function, _Ran()), new.get(function, _Ran())
        change = now.bytecodes - was.bytecodes
        if not change or (own_only and not function.is_own):
            continue
        more = now.calls - was.calls
        by_calls = round(Fraction(was.bytecodes * more, was.calls)) if was.calls else change
        callers = {
            name: now.callers.get(name, 0) - was.callers.get(name, 0)
            for name in [*was.callers, *now.callers]
        }
        name = max(callers, key=lambda one: (callers[one], one), default="")
        called_by = name if name and callers[name] > 0 else ""
        calls = was.calls, now.calls
        bytecodes = was.bytecodes, now.bytecodes
        found.append(Executed(function, bytecodes, calls, by_calls, called_by))
    return sorted(found, key=lambda one: (-abs(one.change), function_text(one.function)))


@dataclass
class _Ran:
    bytecodes: int = 0
    calls: int = 0
    callers: dict[str, int] = field(default_factory=dict)


def _by_function(side: Side, matching: Matching, is_before: bool) -> Mapping[RunFunction, _Ran]:
    found: dict[RunFunction, _Ran] = {}
    functions = list(_renamed(side, matching) if is_before else (c.function for c in side.contexts))
    for context, function in zip(side.contexts, functions, strict=True):
        ran = found.setdefault(function, _Ran())
        ran.bytecodes += context.bytecodes
        caller = functions[context.caller] if context.caller >= 0 else None
        if caller != function:
            ran.calls += context.entered
            name = function_text(caller) if caller is not None else ""
            ran.callers[name] = ran.callers.get(name, 0) + context.entered
    return found


def _renamed(side: Side, matching: Matching) -> Iterable[RunFunction]:
    for context in side.contexts:
        function = context.function
        key = matching.now(function.key) if function.is_own else function.key
        yield replace(function, key=key)
