"""Following a load to its end: its lines are kept, counted, and told every few seconds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TextIO

from unladen.errors import UserError
from unladen.load.report import PERIOD_S, Collector, LoadReport
from unladen.load.rows import LoadLine, LoadPlan, read_lines
from unladen.load.text import snapshot

MOST_SNAPSHOTS = 40
"""Of a virtual load, which takes seconds of the user's time."""


@dataclass(frozen=True)
class PlayedLoad:
    """``report``: None if not even a plan came; ``trouble``: why it ended early, "" if it did
    not; ``is_interrupted``: the user ended it."""

    report: LoadReport | None
    trouble: str = ""
    is_interrupted: bool = False


def play(lines: Iterable[str], kept: TextIO, tell: Callable[[str], None]) -> PlayedLoad:
    """Follow a load. ``kept`` gets its lines as they are; ``tell``: a line every ``PERIOD_S``
    seconds. What there is when it fails or is interrupted is a report too."""
    collector = Collector()
    teller = _Teller(collector, tell)
    trouble, is_interrupted = "", False
    try:
        for line in read_lines(_kept(lines, kept)):
            collector.add(line)
            teller.heard(line)
    except UserError as error:
        trouble = str(error)
    except KeyboardInterrupt:
        is_interrupted = True
    report = collector.report() if collector.plan is not None else None
    return PlayedLoad(report, trouble, is_interrupted)


def _kept(lines: Iterable[str], kept: TextIO) -> Iterator[str]:
    for line in lines:
        kept.write(line)
        yield line


class _Teller:
    """Tells the state at each ``PERIOD_S`` of the load's clock; of an exact load less often, so
    that a long one is not a thousand lines at once."""

    def __init__(self, collector: Collector, tell: Callable[[str], None]) -> None:
        self._collector = collector
        self._tell = tell
        self._step = self._next = PERIOD_S

    def heard(self, line: LoadLine) -> None:
        """After each line."""
        if isinstance(line, LoadPlan) and line.is_exact:
            steps = -(-line.duration_s // (PERIOD_S * MOST_SNAPSHOTS))
            self._step = self._next = PERIOD_S * max(steps, 1)
        elif self._collector.now >= self._next:
            self._tell(snapshot(self._collector))
            self._next = (self._collector.now // self._step + 1) * self._step
