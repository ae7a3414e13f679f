"""What a block did in order: lines of the SDK's that ran, and exceptions that came up there.

Kind: exact. Unit: lines, exceptions.
Cost: about a microsecond a line; 4 bytes a line, and some hundred for each different one. Part of
``meters.attribution``.
An exception is noted once, in the innermost function of the SDK's that it passes; those by which
iterators and generators end are left out.
Blind spots: lines after the first ``LIMIT`` ones; frames that ran when counting began; other
threads.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Hashable
from types import FrameType, TracebackType
from typing import Any, Generic, TypeVar

LIMIT = 200_000

P = TypeVar("P", bound=Hashable)

_ENDINGS = (StopIteration, StopAsyncIteration, GeneratorExit)


class Trace(Generic[P]):
    """``places``: what ran, each line of a place once; ``order``: the numbers of these, as they
    ran; ``raised``: how often exceptions of a type came up in a place at a line; ``marks``: what
    whoever records it has added, in order. ``is_own``: whether a file is the SDK's."""

    def __init__(self, is_own: Callable[[str], bool]) -> None:
        self.places: dict[tuple[P, int], int] = {}
        self.order = array("I")
        self.raised: Counter[tuple[P, int, str]] = Counter()
        self.marks: list[Any] = []
        self._is_own = is_own

    def step(self, place: P, line: int) -> None:
        """A line runs."""
        if len(self.order) < LIMIT:
            self.order.append(self.places.setdefault((place, line), len(self.places)))

    def comes_up(
        self,
        place: P,
        frame: FrameType,
        error: tuple[type[BaseException], BaseException, TracebackType],
    ) -> None:
        """An exception comes up in a frame, as trace functions are told of it."""
        kind, _, trace = error
        if issubclass(kind, _ENDINGS) or not self._is_own(frame.f_code.co_filename):
            return
        below = trace.tb_next
        while below is not None:
            if self._is_own(below.tb_frame.f_code.co_filename):
                return
            below = below.tb_next
        self.raised[place, frame.f_lineno, kind.__qualname__] += 1

    def forget(self) -> None:
        """Begin anew."""
        self.places.clear()
        del self.order[:]
        self.raised.clear()
        self.marks.clear()
