"""Measuring in a forked process, for what leaves its process changed: a service that was started
once, a pool that is warm, a step that never ends."""

from __future__ import annotations

import gc
import os
import pickle
import select
import signal
import sys
import time
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NoReturn, Protocol, TypeVar, cast

from benchmarks.core.cells import Attempt, Broken, Kept, attempted, unless_left_out
from benchmarks.core.schedules import current_trial

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class Witness(Protocol):
    """What sees all that is measured, in the processes that are forked for it too."""

    def forked(self) -> None:
        """Called in a process that was forked just now: what was seen before, the other one knows
        by itself."""

    def witnessed(self) -> Any:
        """What this process saw since it was ``forked``; it can be pickled."""

    def learn(self, witnessed: Any, /) -> None:
        """Take over what a process saw that was forked from this one."""


witnesses: list[Witness] = []
"""What sees what is measured, besides the current trial: nothing unless somebody asks whose work it
is (``benchmarks.attribute``)."""

LIMIT_S = 100.0
"""Real seconds after which a process is killed: below asv's own limit for all of a cache."""


def in_child(measure: Callable[[], T], *, limit_s: float = LIMIT_S) -> Attempt[T]:
    """``attempted(measure)`` in a process forked from this one, whose value can be pickled.

    What the current trial sees there (``benchmarks.core.schedules``) is part of it, and so is what
    ``witnesses`` see.
    """
    present = _present()
    sys.stdout.flush()
    sys.stderr.flush()
    reading, writing = os.pipe()
    with _frozen():
        child = os.fork()
    if child == 0:
        os.close(reading)
        for each in present:
            each.forked()
        _parents.append(_Parent(writing, present))
        try:
            # What a program prints is not asv's result.
            os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
            _send(attempted(measure))
        finally:
            _exit(1)
    os.close(writing)
    content = _all(reading, time.monotonic() + limit_s)
    if content is None:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if content is None:
        return Broken(f"not done after {limit_s:g} s of real time", unavailable=False)
    if not content or status != 0:
        return Broken(f"its process ended with {_ending(status)}", unavailable=False)
    cell, witnessed = cast("tuple[Attempt[T], list[Any]]", pickle.loads(content))
    for each, seen in zip(present, witnessed, strict=True):
        each.learn(seen)
    return cell


def give(value: object) -> NoReturn:
    """End this process, which ``in_child`` forked, at once: ``value`` is that of what it measures.
    Nothing of what it is in the midst of is closed."""
    _send(Kept(value, ""))


@dataclass(frozen=True, slots=True)
class _Parent:
    """Where to send what is measured, and what ``witnesses`` saw of it."""

    pipe: int
    witnesses: Sequence[Witness]


_parents: list[_Parent] = []
"""That of this process last, those that it was forked from before it."""


def _send(cell: Attempt[object]) -> NoReturn:
    parent = _parents[-1]
    witnessed = [each.witnessed() for each in parent.witnesses]
    with os.fdopen(parent.pipe, "wb") as pipe:
        pipe.write(pickle.dumps((cell, witnessed)))
    _exit(0)


def _present() -> Sequence[Witness]:
    trial = current_trial()
    return witnesses if trial is None else [trial, *witnesses]


def _exit(code: int) -> NoReturn:
    sys.stderr.flush()
    # No finalizers: they would close what is the parent's.
    os._exit(code)


def fresh(measure: Callable[[], T], *, limit_s: float = LIMIT_S) -> Attempt[T]:
    """``attempt(measure)`` in a process of its own, so that nothing of an SDK that fails outlives
    it."""
    return unless_left_out(partial(in_child, measure, limit_s=limit_s))


def each_fresh(
    measures: Mapping[K, Callable[[], T]],
    ask: Callable[[Callable[[], T]], Attempt[T]] = fresh,
    tells: Callable[[Attempt[T]], bool] = lambda cell: False,
    kind: Callable[[K], Hashable] = lambda key: None,
) -> dict[K, Attempt[T]]:
    """``ask`` for each, all of one capability. Once an SDK says that it has nothing of that, nobody
    else is asked. Where ``tells`` says of a cell that the same would come of whatever is of the
    same ``kind``, neither is that.
    """
    told: dict[Hashable, Broken] = {}
    found: dict[K, Attempt[T]] = {}
    for key, measure in measures.items():
        known = told.get(_ALL) or told.get(kind(key))
        # Not the very same one: whoever asks for this cell finds this one among all attempts.
        cell = ask(measure) if known is None else unless_left_out(partial(replace, known))
        if isinstance(cell, Broken) and cell.lacking:
            told[_ALL] = cell
        elif isinstance(cell, Broken) and not cell.is_left_out and tells(cell):
            told[kind(key)] = cell
        found[key] = cell
    return found


_ALL = object()


@contextmanager
def _frozen() -> Iterator[None]:
    """Let a child's collections leave alone what was there before it was forked: to look at that
    takes longer than all else, and copies the memory that is shared."""
    was_frozen = _is_frozen()
    gc.freeze()
    parent = os.getpid()
    try:
        yield
    finally:
        if os.getpid() == parent and not was_frozen:
            gc.unfreeze()


_stays_frozen = False


def _is_frozen() -> bool:
    """Whether something is frozen already. CPython walks over all that is to count it, so that a
    yes is remembered: whoever froze it before a fork leaves it so."""
    global _stays_frozen
    _stays_frozen = _stays_frozen or gc.get_freeze_count() > 0
    return _stays_frozen


def _all(reading: int, deadline: float) -> bytes | None:
    """All that comes, or ``None`` if its end does not come in time."""
    pieces: list[bytes] = []
    with os.fdopen(reading, "rb", buffering=0) as pipe:
        while True:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([pipe], [], [], left)[0]:
                return None
            piece = pipe.read(1 << 16)
            if not piece:
                return b"".join(pieces)
            pieces.append(piece)


def _ending(status: int) -> str:
    if os.WIFSIGNALED(status):
        return f"signal {signal.Signals(os.WTERMSIG(status)).name}"
    return f"exit code {os.waitstatus_to_exitcode(status)}"
