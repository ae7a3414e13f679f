"""Calling contexts of two commits as one tree of functions, with what each executes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from unladen.explain.code import Key
from unladen.explain.contexts import ASYNCIO, HARNESS, Context, RunFunction, Side
from unladen.explain.matching import Matching
from unladen.explain.run import CommitPair, ExplainedFigure
from unladen.explain.work.entries import SURROUNDINGS
from unladen.explain.work.tally import EVENT_LOOP

Counts = tuple[int, int]
"""Bytecodes before and after."""


@dataclass
class FunctionFrame:
    """A function below the functions that it was called by. ``own``: bytecodes executed in it;
    ``total``: and below. ``is_changed``: whether the commit changed it."""

    function: RunFunction
    is_changed: bool = False
    own: Counts = (0, 0)
    total: Counts = (0, 0)
    children: list[FunctionFrame] = field(default_factory=list)

    @property
    def change(self) -> int:
        """Bytecodes after less those before, what is below included."""
        return self.total[1] - self.total[0]

    def walk(self) -> Iterator[FunctionFrame]:
        """It and all below, each before those below it."""
        pending = [self]
        while pending:
            frame = pending.pop()
            yield frame
            pending += reversed(frame.children)


def figures_with_frames(figures: Sequence[ExplainedFigure]) -> list[ExplainedFigure]:
    """Those of which it is known what ran."""
    return [one for one in figures if one.work is not None and one.sides is not None]


def frames(figure: ExplainedFigure, pair: CommitPair) -> list[FunctionFrame]:
    """What a figure's work is made of, by the functions of the SDK at which it begins, the biggest
    first; each is called as it is after the commit. What is around them, and the event loop, are
    one frame wherever they run: how they do it is nobody's question."""
    if figure.sides is None or figure.work is None:
        return []
    matching = pair.matching(own_files(figure.sides))
    return frames_of(figure.sides, matching, is_own_only=figure.work.is_own_only)


def frames_of(
    sides: tuple[Side, Side], matching: Matching, *, is_own_only: bool = False
) -> list[FunctionFrame]:
    """The same of what two commits did. ``is_own_only``: only what the SDK's files execute
    counts."""
    tree = _Tree(matching, is_own_only=is_own_only)
    for number, side in enumerate(sides):
        tree.enter(side, number)
    return tree.added_up()


def own_files(sides: Sequence[Side]) -> list[str]:
    """The files of the SDK in which something ran."""
    own = {c.function.key.file for side in sides for c in side.contexts if c.function.is_own}
    return sorted(own)


def weight(context: Context, *, is_own_only: bool) -> int:
    """How many bytecodes of a context count."""
    return context.bytecodes if context.function.is_own or not is_own_only else 0


def named_as_after(side: Side, number: int, matching: Matching) -> list[RunFunction]:
    """The function of each context, as it is called after the commit. ``number``: of the side."""
    return [
        replace(c.function, key=matching.now(c.function.key))
        if c.function.is_own and number == 0
        else c.function
        for c in side.contexts
    ]


_GROUPS = {ASYNCIO: EVENT_LOOP, HARNESS: SURROUNDINGS}
"""By origin of a function, the frame that it is a part of; others have their own."""


class _Tree:
    """Frames of both commits as they are entered."""

    def __init__(self, matching: Matching, *, is_own_only: bool) -> None:
        self._matching = matching
        self._is_own_only = is_own_only
        self._roots: dict[RunFunction, FunctionFrame] = {}
        self._below: defaultdict[int, dict[RunFunction, FunctionFrame]] = defaultdict(dict)

    def enter(self, side: Side, number: int) -> None:
        """Add what a commit did. ``number``: 0 for before, 1 for after."""
        functions = named_as_after(side, number, self._matching)
        found: list[FunctionFrame] = []
        inside: list[bool] = []
        for context, function in zip(side.contexts, functions, strict=True):
            above = found[context.caller] if context.caller >= 0 else None
            is_inside = above is not None and inside[context.caller]
            if is_inside or function.is_own:
                frame = self._frame(function, above if is_inside else None)
            else:
                outer = SURROUNDINGS if above is None else above.function.key.name
                frame = self._frame(_group(_GROUPS.get(function.origin, outer)), None)
            own = list(frame.own)
            own[number] += weight(context, is_own_only=self._is_own_only)
            frame.own = own[0], own[1]
            found.append(frame)
            inside.append(is_inside or function.is_own)

    def added_up(self) -> list[FunctionFrame]:
        """All at which something begins, with their totals."""
        roots = list(self._roots.values())
        for root in roots:
            for frame in reversed(list(root.walk())):
                frame.children = _ordered(frame.children)
                each = [frame.own, *(one.total for one in frame.children)]
                frame.total = sum(one[0] for one in each), sum(one[1] for one in each)
        return _ordered(roots)

    def _frame(self, function: RunFunction, above: FunctionFrame | None) -> FunctionFrame:
        """That of a function below another one; of a group, the group's."""
        if function.origin in _GROUPS and function.key.file:
            function = _group(_GROUPS[function.origin])
        if above is not None and above.function == function and not function.key.file:
            return above
        known = self._roots if above is None else self._below[id(above)]
        if function not in known:
            is_changed = function.is_own and function.key in self._matching.why
            known[function] = FunctionFrame(function, is_changed)
            if above is not None:
                above.children.append(known[function])
        return known[function]


def _group(name: str) -> RunFunction:
    """What stands for all functions of a group, which are in no one file."""
    return RunFunction(HARNESS, Key("", name))


def _ordered(found: Sequence[FunctionFrame]) -> list[FunctionFrame]:
    """Those that execute anything, the biggest first."""
    ran = [one for one in found if any(one.total)]
    return sorted(ran, key=lambda one: (-max(one.total), str(one.function)))
