"""Blocks that are counted and keep whose work it is: those of ``meters.bytecodes``, or those of
``meters.calls``.

Kind: exact. Unit: that of the block. Cost: that of ``meters.attribution``; of calls, three times
what counting costs.
Blind spots: those of ``meters.attribution``; of calls those of ``meters.calls``.
"""

import os
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from meters import bytecodes, calls, opcodes, protocol_members
from meters.attribution import CallTree, Context, ContextTree
from meters.calls import Calls
from meters.collector import CollectorPaused
from meters.critical_path import frames_of
from meters.traces import Trace
from meters.waits import Frames

if TYPE_CHECKING:
    from meters.opcodes import LocalTrace

T = TypeVar("T")

_PlainCounter = bytecodes.BytecodeCounter


class Recording:
    """``trees``: of each block that was counted, in order. ``is_own``: of a file, whether it is the
    SDK's; ``skip``: files whose frames are not counted; ``trace``: of all blocks, None if that was
    not asked for; ``is_of_calls``: blocks of ``meters.calls`` are kept, and no others; ``frames``:
    of a suspended coroutine."""

    def __init__(
        self,
        is_own: Callable[[str], bool],
        skip: Sequence[str] = (),
        *,
        is_traced: bool = False,
        frames: Frames = frames_of,
    ) -> None:
        self.frames = frames
        self.is_of_calls = False
        self.trees: list[ContextTree] = []
        self.is_own = is_own
        self.skip = skip
        self.trace: Trace[Context] | None = Trace(is_own) if is_traced else None

    def forget(self) -> None:
        """Keep no more of what was counted so far than where in the code counting goes on."""
        for tree in self.trees:
            tree.forget()
        if self.trace is not None:
            self.trace.forget()


@contextmanager
def recording(
    is_own: Callable[[str], bool],
    skip: Sequence[str] = (),
    *,
    is_traced: bool = False,
    frames: Frames = frames_of,
) -> Iterator[Recording]:
    """Within the block, keep the contexts of what is counted: every ``BytecodeCounter`` that is
    made keeps a tree of them in place of a number for each file; their bytecodes add up to its
    count. What is counted stays the same. Whoever imported the class, or ``calls.count``, by name
    before the block began has others. ``is_own``: of a file, whether it is
    the SDK's; ``skip``: files whose frames are not counted, such as one that polls. ``is_traced``:
    keep what runs in order, too; ``frames``: of a suspended coroutine, those of the asynchronous
    generators that it awaits among them if waits are to be placed there."""
    made = Recording(is_own, skip, is_traced=is_traced, frames=frames)

    class Attributing(_AttributingCounter):
        recording = made

    plain, plain_count = bytecodes.BytecodeCounter, calls.count

    def count(call: Callable[[], T], unseen: Collection[str] = ()) -> Calls[T]:
        if made.is_of_calls:
            return _count_with_tree(made, call)
        return plain_count(call, {*made.skip, *unseen})

    bytecodes.BytecodeCounter = Attributing  # type: ignore[misc]
    calls.count = count
    try:
        yield made
    finally:
        calls.count = plain_count
        bytecodes.BytecodeCounter = plain  # type: ignore[misc]


def _count_with_tree(kept: Recording, call: Callable[[], T]) -> Calls[T]:
    """As ``calls.count``; what is called is kept by its context."""
    skip = (__file__, calls.__file__, protocol_members.__file__, *kept.skip)
    tree = CallTree(skip, lambda file: None, kept.is_own)
    kept.trees.append(tree)
    previous = sys.getprofile()
    with CollectorPaused():
        sys.setprofile(tree.profile)
        try:
            result = call()
        finally:
            sys.setprofile(previous)
    python = sum(one.entered + one.resumed for one in tree.contexts)
    return Calls(python, sum(one.c_calls.total() for one in tree.contexts), result)


class _AttributingCounter(bytecodes.BytecodeCounter):
    """A counter with a tree."""

    recording: Recording
    _tree: ContextTree

    def __new__(cls, *arguments: Any, **named: Any) -> "bytecodes.BytecodeCounter":  # type: ignore[misc]
        """A plain one where only calls are kept."""
        if cls.recording.is_of_calls:
            return _PlainCounter(*arguments, **named)
        return super().__new__(cls)

    def by_file(self) -> dict[str, int]:
        """As that of any counter."""
        return super().by_file() if self._finished is not None else self._tree.by_file()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        super().__exit__(kind, error, traceback)
        sys.setprofile(None)

    def _global_trace(self) -> "LocalTrace":
        kept = self.recording
        skip = (__file__, bytecodes.__file__, opcodes.__file__, protocol_members.__file__)
        self._tree = ContextTree(
            (*skip, *kept.skip), self._note_inside, kept.is_own, kept.trace, kept.frames
        )
        self.recording.trees.append(self._tree)
        sys.setprofile(self._tree.profile)
        return self._tree.enter

    def _note_inside(self, file: str) -> None:
        if not file.startswith("<") and self._is_inside(os.path.realpath(file)):
            self._inside_files.add(file)
