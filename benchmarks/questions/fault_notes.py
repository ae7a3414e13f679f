"""Saying in a few lines what happened: an error's place in the SDK, the proof of a hang.

No task names, addresses or folders: a note is the same in any process on any machine.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from types import TracebackType
from typing import Any

from benchmarks.core.subject import package_path
from benchmarks.questions.fault_run import FaultyRun
from mocks.clock import Hang, OutOfTime
from mocks.clock.hang import Waiting
from mocks.model import ModelError

_MOST_CHARACTERS = 200
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]+")


def describe_end(end: BaseException) -> list[str]:
    """What it raised, and where; or who waits for what."""
    if not isinstance(end, Hang):
        return [_error_line(end)]
    if isinstance(end, OutOfTime):
        first = f"still at work after {end.at:g} virtual seconds"
    else:
        first = f"proved at {end.at:g} virtual seconds: nothing is runnable, no timer is armed"
    return [f"{first}; waiting:", *_waiting_lines(end.waiting)]


def describe_rest(run: FaultyRun[Any, Any]) -> list[str]:
    """What the run left behind, and why the engine is of no use any more."""
    ended = run.ended
    lines = list(run.workload.remarks())
    lines += [f"the user got {_error_line(error)}" for error in run.workload.user_errors]
    if ended.left_tasks:
        lines.append(f"when it ended, {len(ended.left_tasks)} of its tasks were still at work:")
        lines += _waiting_lines(ended.left_tasks)
    if ended.left_calls:
        lines.append(f"when it ended, {ended.left_calls} of its model calls were in flight")
    if ended.refusing:
        lines += ["refusing to be cancelled:", *_waiting_lines(ended.refusing)]
    if run.left_open:
        lines.append(f"left open: {', '.join(run.left_open)}")
    if run.afterwards is not None:
        lines.append(f"the engine cannot do its work afterwards: {_short(run.afterwards)}")
    return lines


def _error_line(error: BaseException) -> str:
    chain = list(_chain(error))
    line = f"{type(error).__name__}: {_short(str(error))}"
    if chain[-1] is not error:
        line += f", from {type(chain[-1]).__name__}: {_short(str(chain[-1]))}"
    place = next(filter(None, map(_own_place, reversed(chain))), "")
    return f"{line} at {place}" if place else line


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error and what it comes from: the first of a group, the cause of a cause. The mock
    provider's own errors and asyncio's cancellations tell nothing more and are left out."""
    following: BaseException | None = error
    while following is not None:
        yield following
        if isinstance(following, BaseExceptionGroup):
            following = following.exceptions[0]
        else:
            following = following.__cause__
        if isinstance(following, ModelError | asyncio.CancelledError):
            return


def _own_place(error: BaseException) -> str:
    """The innermost place in the SDK's own files that an error came through."""
    place = ""
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if package_path(code.co_filename):
            place = f"{PurePath(code.co_filename).name}:{trace.tb_lineno} in {code.co_name}"
        trace = trace.tb_next
    return place


def _waiting_lines(waiting: Iterable[Waiting]) -> list[str]:
    """Where the tasks wait, as a chain of the SDK's own places; tasks without any are not its."""
    chains = Counter(
        " > ".join(own)
        for task in waiting
        if (own := [place for file, place in task.places if package_path(file)])
    )
    return [f"{count} x {chain}" if count > 1 else chain for chain, count in chains.items()]


def _short(text: str) -> str:
    line = _ADDRESS.sub("0x...", " ".join(text[: 10 * _MOST_CHARACTERS].split()))
    return line if len(line) <= _MOST_CHARACTERS else f"{line[:_MOST_CHARACTERS]}..."
