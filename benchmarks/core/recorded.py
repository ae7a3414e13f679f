"""What a process recorded of its work, as it prints it, with what the processes recorded that were
forked from it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypedDict

from benchmarks.core import forked
from meters.recorded_blocks import Recording

Function = list[str]
"""Its origin, its file, its name."""


class Printed(TypedDict):
    """As ``benchmarks.attribute`` describes it."""

    functions: list[Function]
    contexts: list[list[Any]]
    waits: list[list[float]]
    holds: list[list[Any]]
    steps: list[list[int]]
    order: list[int]
    raised: list[list[Any]]
    calls: list[list[Any]]


class Forks:
    """What processes recorded that were forked from this one (``benchmarks.core.forked.Witness``).

    ``kept``: what this process records; ``printed``: gives it as it is printed. ``recorded``: what
    the others did, in order.
    """

    def __init__(self, kept: Recording, printed: Callable[[], Printed]) -> None:
        self.recorded: list[Printed] = []
        self._kept = kept
        self._printed = printed

    def forked(self) -> None:
        """What was recorded before, the other process prints."""
        self._kept.forget()
        self.recorded.clear()

    def witnessed(self) -> Printed:
        """All that this process records, which ends here."""
        sys.settrace(None)
        sys.setprofile(None)
        return self.all()

    def learn(self, witnessed: Printed) -> None:
        """Keep what another process recorded."""
        self.recorded.append(witnessed)

    def forget(self) -> None:
        """Begin anew."""
        self._kept.trees.clear()
        if self._kept.trace is not None:
            self._kept.trace.forget()
        self.recorded.clear()

    def all(self) -> Printed:
        """What this process recorded, and then what those did that were forked from it."""
        return together([self._printed(), *self.recorded])


@contextmanager
def recorded_in_forks(kept: Recording, printed: Callable[[], Printed]) -> Iterator[Forks]:
    """Within the block, have processes that are forked for a measurement say what they record."""
    made = Forks(kept, printed)
    forked.witnesses.append(made)
    try:
        yield made
    finally:
        forked.witnesses.remove(made)


def together(all_printed: Sequence[Printed]) -> Printed:
    """Several recordings as one; the waits, and the holds of locks, are those of the last that has
    any."""
    functions: dict[tuple[str, ...], int] = {}
    contexts: list[list[Any]] = []
    waits: list[list[float]] = []
    holds: list[list[Any]] = []
    steps: list[list[int]] = []
    order: list[int] = []
    raised: list[list[Any]] = []
    for one in all_printed:
        first = len(contexts)
        order += [number + len(steps) for number in one["order"]]
        steps += [[_moved(context, first), line] for context, line in one["steps"]]
        raised += [[_moved(context, first), *row] for context, *row in one["raised"]]
        numbers = [functions.setdefault(tuple(each), len(functions)) for each in one["functions"]]
        for caller, function, *row in one["contexts"]:
            contexts.append([_moved(caller, first), numbers[function], *row])
        if one["waits"]:
            waits = [[_moved(int(n), first), *wait] for n, *wait in one["waits"]]
            holds = [
                [_moved(asked, first), line, _moved(made, first), *hold]
                for asked, line, made, *hold in one["holds"]
            ]
    return {
        "functions": [list(each) for each in functions],
        "contexts": contexts,
        "waits": waits,
        "holds": holds,
        "steps": steps,
        "order": order,
        "raised": raised,
        "calls": [call for one in all_printed for call in one["calls"]],
    }


def _moved(number: int, by: int) -> int:
    return number if number < 0 else number + by
