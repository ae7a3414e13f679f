"""How CPU time grows with turns and with streamed words: what copies in C costs no function calls.

Beside the exact exponents of calls and bytecodes (``tools.Growth``), which see nothing of that.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from benchmarks.agent.running import fresh
from benchmarks.agent.streaming import StreamedErrands
from benchmarks.agent.workload import Errands
from benchmarks.core.cells import value_of
from benchmarks.core.harness import Harness
from benchmarks.core.series import runs, series
from meters import cpu, growth
from mocks.worlds.agent.script import Plan

TURNS = (10, 20, 40, 80)
WORDS = (250, 500, 1000, 2000)
TIMES = 3
"""Runs of each size, of which the quickest counts: what disturbs them only adds."""

TURNS_OF, WORDS_OF = "turns", "streamed words"


def of_turns(turns: int) -> Errands:
    """Runs of so many turns with a call of a tool each."""
    return Errands(Plan(turns=(("look",),) * turns))


def of_words(words: int) -> Errands:
    """Runs whose answer has so many words, and is read as it comes."""
    return StreamedErrands(Plan(words=words))


_SIZES: dict[str, tuple[tuple[int, ...], Callable[[int], Errands]]] = {
    TURNS_OF: (TURNS, of_turns),
    WORDS_OF: (WORDS, of_words),
}


def seconds(errands: Errands) -> float:
    """CPU seconds of the quickest of some runs, after another one."""
    with Harness(errands) as harness:
        harness.checked()
        taken = []
        for _ in range(TIMES):
            harness.prepare()
            timed = cpu.cpu_seconds(harness.run)
            harness.check(timed.result)
            taken.append(timed.seconds)
    return min(taken)


def exponent(of: str) -> float:
    """The slope of CPU time over the sizes, log on log."""
    sizes, make = _SIZES[of]
    return growth.fit(sizes, [seconds(make(size)) for size in sizes]).exponent


class Cpu:
    """A sample is a fit of a process of its own, through the quickest runs of all sizes: how far
    samples are apart is how well the exponent is known."""

    params = (TURNS_OF, WORDS_OF)
    param_names = ("of",)

    def setup(self, of: str) -> None:
        self.exponent = value_of(fresh(partial(exponent, of)))

    @series(version="1", kind="sampled", unit="exponent", group="growth")
    @runs(repeat=1, rounds=4)
    def sample_exponent(self, of: str) -> float:
        """1 is the same CPU time for each turn or word; near 2 each goes through all before it, if
        only in C."""
        return self.exponent
