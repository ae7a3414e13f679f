"""Echoes as a workload: phrases go in, the same phrases must come out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TypeAlias

from benchmarks.core import subject
from benchmarks.core.harness import Harness
from benchmarks.core.ties import wakeups
from benchmarks.core.workload import Engine, WrongOutcome, engine_of
from mocks.model import Call, Faults, Model, RateLimit, Span
from mocks.world import Trouble, World
from mocks.worlds.echo.phrases import MARK, Phrase, phrase
from mocks.worlds.echo.script import script
from targets.opening import Opened
from targets.protocols.echo import Echo, Echoed, Echoer

EchoHarness: TypeAlias = Harness[Phrase, Echoed]

WORDS = 10
"""Of a phrase, where its length does not matter."""


class Echoes:
    """Phrases of so many ``words``, a model of ``latency`` seconds a call and ``slots`` slots.

    ``limit``: what the provider allows; ``faults``: what goes wrong with its calls; ``trouble``:
    what goes wrong elsewhere.
    """

    def __init__(
        self,
        words: int = WORDS,
        latency: float = 1.0,
        slots: int | None = None,
        *,
        limit: RateLimit | None = None,
        faults: Faults | None = None,
        trouble: Trouble | None = None,
    ) -> None:
        self._words = words
        model = Model(
            script,
            latency=latency,
            slots=slots,
            limit=limit,
            faults=faults,
            wakeups=wakeups(),
        )
        self.world = World(model=model, trouble=trouble)

    def open(self) -> Opened[Engine[Phrase, Echoed]]:
        """See ``Workload``."""
        return engine_of(subject.capability(Echo).open(self.world), _engine)

    def input(self, number: int) -> Phrase:
        """See ``Workload``."""
        return phrase(number, self._words)

    def unavailable(self) -> str:
        """Who echoes at all can do so."""
        return ""

    def require_results(
        self, inputs: Sequence[Phrase], results: Sequence[Echoed], *, complete: bool = True
    ) -> None:
        """Each phrase came back; incomplete: its mark did."""
        for one, result in zip(inputs, results, strict=True):
            if one.text != result.text if complete else one.mark not in result.text:
                raise WrongOutcome(f"{one.mark} came back as {result.text[:80]!r}")

    def require_calls(self, inputs: Sequence[Phrase]) -> None:
        """One call for each phrase, and an answer to it."""
        ends = [(call.mark, call.outcome) for call in self.world.model.calls]
        if ends != [(one.mark, "ok") for one in inputs]:
            raise WrongOutcome(f"{len(inputs)} phrases made the calls {ends[:3]}")

    def foreign(self, inputs: Sequence[Phrase], results: Sequence[Echoed]) -> int:
        """Marks of other phrases."""
        found = zip(inputs, (MARK.findall(result.text) for result in results), strict=True)
        return sum(mark != one.mark for one, marks in found for mark in marks)

    def lost(self, result: Echoed | None) -> int:
        """Words that did not come back."""
        come = len(result.text.split()) - 1 if result else 0
        return max(0, self._words - come)

    def spans(self) -> list[Span]:
        """Calls for one phrase come one after the other."""
        asked: Counter[str] = Counter()
        placed = []
        for call in self.world.model.calls:
            stage = asked[call.mark]
            asked[call.mark] += 1
            placed.append(Span(call.mark, stage, call.queued, call.started, call.ended))
        return placed

    def forget(self) -> None:
        """See ``Workload``."""
        self.world.clear()

    def native(self, result: Echoed) -> object:
        """The SDK's own result."""
        return result.native

    def told(self, result: Echoed) -> str:
        """The phrase as it came back."""
        return result.text

    def is_done(self, result: Echoed) -> bool:
        """Whether anything came back."""
        return bool(result.text)

    def calls_used(self, inputs: Sequence[Phrase], results: Sequence[Echoed]) -> int:
        """One call for each phrase that came back."""
        answered = {call.mark for call in self.world.model.calls if call.outcome == "ok"}
        return len(answered & {one.mark for one in inputs})

    def longest_step(self, inputs: Sequence[Phrase]) -> float:
        """From the first call for a phrase to the answer."""
        begun: dict[str, float] = {}
        longest = 0.0
        for call in self.world.model.calls:
            start = begun.setdefault(call.mark, call.queued)
            longest = max(longest, _answered(call, start))
        return round(longest, 9)


def _engine(echoer: Echoer) -> Engine[Phrase, Echoed]:
    return Engine(echoer.echo, echoer.close)


def _answered(call: Call, start: float) -> float:
    return call.ended - start if call.outcome == "ok" and call.ended is not None else 0.0
