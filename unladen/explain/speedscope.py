"""What ran before and after a commit as profiles in speedscope's file format.

Its schema is https://www.speedscope.app/file-format-schema.json. Weights are bytecodes, so that
profiles repeat to the digit.
"""

from __future__ import annotations

from typing import Any

import unladen
from unladen.explain.contexts import RunFunction
from unladen.explain.frames import (
    figures_with_frames,
    named_as_after,
    own_files,
    weight,
)
from unladen.explain.run import CommitPair, ExplainedFigure, ExplainedPair
from unladen.text.terminal import printable

SCHEMA = "https://www.speedscope.app/file-format-schema.json"


def as_speedscope(found: ExplainedPair) -> dict[str, Any]:
    """Of each figure two profiles, before and after; functions are called as after the commit, so
    that they have the same colours in both."""
    pair = found.pair
    table = _Table(pair)
    profiles = [
        profile
        for figure in figures_with_frames(found.figures)
        for profile in _profiles(figure, pair, table)
    ]
    commits = f"{pair.before.short}..{pair.after.short}"
    return {
        "$schema": SCHEMA,
        "shared": {"frames": table.frames},
        "profiles": profiles,
        "name": printable(f"{found.target} {commits} {pair.after.subject}"),
        "exporter": f"unladen {unladen.__version__}",
    }


class _Table:
    """The functions of all profiles, each once."""

    def __init__(self, pair: CommitPair) -> None:
        self.frames: list[dict[str, Any]] = []
        self._pair = pair
        self._known: dict[RunFunction, int] = {}

    def index(self, function: RunFunction) -> int:
        """The number of a function, which is added if it is new."""
        number = self._known.setdefault(function, len(self.frames))
        if number == len(self.frames):
            key = function.key
            frame: dict[str, Any] = {"name": printable(key.name), "file": printable(key.file)}
            if line := self._line(function):
                frame["line"] = line
            self.frames.append(frame)
        return number

    def _line(self, function: RunFunction) -> int:
        """Where a function of the SDK begins, 0 for others."""
        for files in (self._pair.new, self._pair.old) if function.is_own else ():
            source = files.source(function.key.file)
            found = source.functions.get(function.key.name) if source is not None else None
            if found is not None:
                return found.first
        return 0


def _profiles(figure: ExplainedFigure, pair: CommitPair, table: _Table) -> list[dict[str, Any]]:
    if figure.sides is None or figure.work is None:
        return []
    matching = pair.matching(own_files(figure.sides))
    found = []
    for number, (side, commit) in enumerate(
        zip(figure.sides, (pair.before, pair.after), strict=True)
    ):
        stacks: list[list[int]] = []
        samples, weights = [], []
        functions = named_as_after(side, number, matching)
        for context, function in zip(side.contexts, functions, strict=True):
            above = stacks[context.caller] if context.caller >= 0 else []
            stack = [*above, table.index(function)]
            stacks.append(stack)
            if counted := weight(context, is_own_only=figure.work.is_own_only):
                samples.append(stack)
                weights.append(counted)
        when = ("before", "after")[number]
        found.append(
            {
                "type": "sampled",
                "name": f"{when} ({commit.short}): {figure.cell.name}, {figure.work.unit}",
                "unit": "none",
                "startValue": 0,
                "endValue": sum(weights),
                "samples": samples,
                "weights": weights,
            }
        )
    return found
