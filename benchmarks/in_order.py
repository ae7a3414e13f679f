"""Forked processes, several at a time, whose output comes in the order in which they are named."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ForkedOutput:
    """``content``: all that a process gave; ``status``: what it ended with, 0 if well."""

    content: bytes
    status: int


@dataclass
class _Child:
    pid: int
    pieces: list[bytes] = field(default_factory=list)


def outputs_in_order(
    works: Sequence[Callable[[], bytes]], at_once: int, instead: int | None = None
) -> Iterator[ForkedOutput]:
    """What each of ``works`` gives in a process that is forked from this one for it, at most
    ``at_once`` of them at a time. ``instead``: an open file that these processes have no use for;
    theirs goes by its number, so that they have no more open than this one."""
    running: dict[int, tuple[int, _Child]] = {}
    done: dict[int, ForkedOutput] = {}
    begun = 0
    for wanted in range(len(works)):
        while wanted not in done:
            while begun < len(works) and len(running) < at_once:
                reading, child = _forked(works[begun], [*running], instead)
                running[reading] = begun, child
                begun += 1
            for reading in select.select([*running], [], [])[0]:
                number, child = running[reading]
                if piece := os.read(reading, 1 << 16):
                    child.pieces.append(piece)
                    continue
                os.close(reading)
                del running[reading]
                status = os.waitstatus_to_exitcode(os.waitpid(child.pid, 0)[1])
                done[number] = ForkedOutput(b"".join(child.pieces), status)
        yield done.pop(wanted)


def _forked(
    work: Callable[[], bytes], others: Sequence[int], instead: int | None
) -> tuple[int, _Child]:
    sys.stderr.flush()
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            for each in (reading, *others):
                os.close(each)
            if instead is not None:
                os.dup2(writing, instead)
                os.close(writing)
                writing = instead
            content = work()
            while content:
                content = content[os.write(writing, content) :]
            status = 0
        finally:
            sys.stderr.flush()
            os._exit(status)  # no finalizers: they would close what is the parent's
    os.close(writing)
    return reading, _Child(pid)
