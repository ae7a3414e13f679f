"""A recording as ``benchmarks.attribute`` prints it, and whose each function is."""

from __future__ import annotations

import asyncio
import os
import re
import sysconfig
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import PurePath
from types import CodeType
from typing import Any

from benchmarks.core.recorded import Printed
from benchmarks.core.rooms import ROOMS, ROOT
from benchmarks.core.subject import package_path
from benchmarks.core.telling import place_of
from meters.attribution import Context, line_at
from meters.critical_path import Wait
from meters.recorded_blocks import Recording
from meters.traces import Trace

DRIVER = "UNLADEN_TARGET_DIR"
"""Names the folder of a driver that lies elsewhere, as in ``unladen.measure.variables``."""


def _places() -> list[tuple[str, str, str]]:
    """Folders, whose files they hold, and the folder from which these are named."""
    rooms = [os.path.realpath(ROOT / room) for room in ROOMS]
    driver = [os.path.realpath(os.environ[DRIVER])] if DRIVER in os.environ else []
    packages = {os.path.realpath(sysconfig.get_path(name)) for name in ("purelib", "platlib")}
    standard = os.path.realpath(sysconfig.get_path("stdlib"))
    return [
        *((folder, "harness", os.path.dirname(folder)) for folder in (*rooms, *driver)),
        *((folder, "library", folder) for folder in sorted(packages)),
        (os.path.dirname(os.path.realpath(asyncio.__file__)), "asyncio", standard),
        (standard, "library", standard),
    ]


_UNNAMED = re.compile(r"(?:\.<locals>)?\.?<(?!locals>|module>).*")
"""The end of the name of a comprehension, a generator expression or a lambda."""


@dataclass(frozen=True, slots=True)
class _Function:
    origin: str
    file: str
    name: str


def as_json(kept: Recording) -> Printed:
    """The contexts of a recording, callers first."""
    functions: dict[_Function, int] = {}
    contexts: list[list[Any]] = []
    waits: list[list[float]] = []
    holds: list[list[Any]] = []
    numbers: dict[int, int] = {}
    for tree in kept.trees:
        for context in tree.contexts:
            numbers[id(context)] = len(contexts)
            contexts.append(_row(context, numbers, functions))
        path = tree.waits()
        waits, holds = _waits(path, numbers), _holds(path, numbers)
    listed = [[one.origin, one.file, one.name] for one in functions]
    trace = kept.trace or Trace(kept.is_own)
    raised = trace.raised.items()
    return {
        "functions": listed,
        "contexts": contexts,
        "waits": waits,
        "holds": holds,
        "steps": [[numbers[id(context)], line] for context, line in trace.places],
        "order": trace.order.tolist(),
        "raised": [
            [numbers[id(where)], line, name, times] for (where, line, name), times in raised
        ],
        "calls": [
            [call.role, call.agent, call.outcome, list(map(list, place_of(call)))]
            for call in trace.marks
        ],
    }


def _waits(path: Sequence[Wait[tuple[Context, int]]], numbers: dict[int, int]) -> list[list[float]]:
    began = path[0].start if path else 0.0
    found = []
    for wait in path:
        times = (round(instant - began, 9) for instant in (wait.start, wait.end))
        found.append([*_numbered(wait.place, numbers), *times])
    return found


def _holds(path: Sequence[Wait[tuple[Context, int]]], numbers: dict[int, int]) -> list[list[Any]]:
    """The holds of locks, in order, each with the numbers of the waits that passed meanwhile."""
    began = path[0].start if path else 0.0
    found = []
    for hold, waits in groupby(enumerate(path), key=lambda one: one[1].hold):
        if hold is not None:
            places = (*_numbered(hold.place, numbers), *_numbered(hold.made, numbers))
            found.append([*places, round(hold.since - began, 9), [number for number, _ in waits]])
    return found


def _numbered(place: tuple[Context, int] | None, numbers: dict[int, int]) -> tuple[int, int]:
    return (-1, 0) if place is None else (numbers[id(place[0])], place[1])


def _row(context: Context, numbers: dict[int, int], functions: dict[_Function, int]) -> list[Any]:
    caller = context.caller
    function = function_of(context.code)
    return [
        -1 if caller is None else numbers[id(caller)],
        functions.setdefault(function, len(functions)),
        0 if caller is None else line_at(caller.code, context.offset),
        context.entered,
        context.resumed,
        dict(sorted(context.lines().items())),
        dict(sorted(context.c_calls.items())),
    ]


def function_of(code: CodeType) -> _Function:
    """The function that ``code`` is; what has no name of its own belongs to the one around it."""
    origin, file = place(code.co_filename)
    name = _UNNAMED.sub("", code.co_qualname) or "<module>"
    return _Function(origin, file, name)


_PLACES = _places()


def own_function(code: CodeType) -> tuple[str, str] | None:
    """The file and the name of the SDK's function that ``code`` is; None of others."""
    if not package_path(code.co_filename):
        return None
    found = function_of(code)
    return found.file, found.name


@cache
def place(file: str) -> tuple[str, str]:
    """Whose a file is, and how it is called wherever the SDK and its environment lie."""
    if own := package_path(file):
        return "own", own
    if file.startswith("<"):
        return "library", file
    path = os.path.realpath(file)
    for folder, origin, base in _PLACES:
        if path.startswith(folder + os.sep):
            return origin, PurePath(path).relative_to(base).as_posix()
    return "library", os.path.basename(path)
