"""Errands as a workload: an agent is asked, its model calls tools by a plan, and it answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TypeAlias

from benchmarks.core import subject
from benchmarks.core.harness import Harness
from benchmarks.core.ties import wakeups
from benchmarks.core.workload import Engine, WrongOutcome, engine_of
from mocks.model import Faults, Model, Span
from mocks.worlds.agent.errands import Errand, foreign_keys
from mocks.worlds.agent.script import LATENCY_S, Plan, Script, answer
from mocks.worlds.agent.specs import findings
from mocks.worlds.agent.tools import Use, running_errand
from mocks.worlds.agent.world import INSTRUCTIONS, AgentWorld
from targets.opening import Opened
from targets.protocols.agent import Agent, AgentSdk, Ended

AgentHarness: TypeAlias = Harness[Errand, Ended]

PLAIN = Plan()
"""An answer of 12 words, no tools."""


def new_world(plan: Plan, *, faults: Faults | None = None, hears_all: bool = False) -> AgentWorld:
    """A world of errands that all go by a plan."""
    model = Model(Script(plan), latency=LATENCY_S, faults=faults, wakeups=wakeups())
    return AgentWorld(model=model, plan=plan, hears_all=hears_all)


class Errands:
    """Errands of one plan, all of one agent; on a machine, since some SDKs leave work to threads,
    unless there is another harness beside this one."""

    def __init__(
        self,
        plan: Plan = PLAIN,
        *,
        faults: Faults | None = None,
        hears_all: bool = False,
        on_machine: bool = True,
    ) -> None:
        self.on_machine = on_machine
        self.plan = plan
        self.world = new_world(plan, faults=faults, hears_all=hears_all)

    def open(self) -> Opened[Engine[Errand, Ended]]:
        """See ``Workload``."""
        return engine_of(subject.capability(Agent).open(self.world), self._engine)

    def input(self, number: int) -> Errand:
        """See ``Workload``."""
        return Errand(number)

    def unavailable(self) -> str:
        """Who has agents at all can run them."""
        return ""

    def require_results(
        self, inputs: Sequence[Errand], results: Sequence[Ended], *, complete: bool = True
    ) -> None:
        """Each errand has the model's answer to it and no other one's."""
        for errand, result in zip(inputs, results, strict=True):
            if problem := what_is_wrong(self.plan, errand, result):
                raise WrongOutcome(problem)

    def require_calls(self, inputs: Sequence[Errand]) -> None:
        """The model was asked once a turn, and each tool call was made once, for its errand."""
        if problem := self.what_went_wrong(inputs):
            raise WrongOutcome(problem)

    def what_went_wrong(self, inputs: Sequence[Errand]) -> str:
        """The first thing wrong on the way to the answers; empty if nothing is."""
        asked = Counter(call.mark for call in self.world.model.calls)
        turns = len(self.plan.turns) + 1
        for errand in inputs:
            if asked[errand.mark] != turns:
                return f"{errand.mark}: the model was asked {asked[errand.mark]} times, not {turns}"
        if len(asked) > len(inputs):
            return f"the model was asked for {len(asked)} errands, not {len(inputs)}"
        for told in self.world.told:
            if INSTRUCTIONS not in told.instructions:
                return f"the model was told {told.instructions[:80]!r}, not the instructions"
            if missing := set(self.plan.tools) - set(told.request.tools):
                return f"the model was not offered {sorted(missing)[0]}"
        return self._wrong_uses(inputs)

    def _wrong_uses(self, inputs: Sequence[Errand]) -> str:
        due = {e.key(number) for e in inputs for number in range(1, self.plan.calls + 1)}
        used = Counter(use.key for use in self.world.toolbox.log)
        if missing := due - used.keys():
            return f"{len(missing)} of {len(due)} tool calls were not made"
        if more := next((key for key, count in used.items() if count > 1 or key not in due), None):
            return f"the tool call {more} was made {used[more]} times"
        strange = next(filter(is_strange, self.world.toolbox.log), None)
        if strange is not None:
            return f"the context of the tool call {strange.key} is of {strange.errand or 'none'}"
        return ""

    def foreign(self, inputs: Sequence[Errand], results: Sequence[Ended]) -> int:
        """Keys of other errands in results and in what the model was told, and tools that ran in
        another errand's context."""
        pairs = zip(inputs, results, strict=True)
        found = sum(len(foreign_keys(_text(result), errand.mark)) for errand, result in pairs)
        requests = (told.request for told in self.world.told)
        found += sum(len(foreign_keys(request.prompt, request.mark)) for request in requests)
        return found + sum(map(is_strange, self.world.toolbox.log))

    def lost(self, result: Ended | None) -> int:
        """Words of the answer that are not there."""
        said = "" if result is None else result.text
        return max(0, self.plan.words - len(said.split()))

    def spans(self) -> list[Span]:
        """An errand asks the model for one turn after the other."""
        stages: Counter[str] = Counter()
        spans = []
        for call in self.world.model.calls:
            spans.append(Span(call.mark, stages[call.mark], call.queued, call.started, call.ended))
            stages[call.mark] += 1
        return spans

    def forget(self) -> None:
        """See ``Workload``."""
        self.world.clear()

    def native(self, result: Ended) -> object:
        """The SDK's own result."""
        return result.native

    def told(self, result: Ended) -> str:
        """Its answer."""
        return _text(result)

    def _engine(self, sdk: AgentSdk) -> Engine[Errand, Ended]:
        agent = sdk.make(self.world.spec())

        async def run(errand: Errand) -> Ended:
            running_errand.set(errand.mark)
            return await sdk.run(agent, errand.text)

        return Engine(run, sdk.close)


def is_strange(use: Use) -> bool:
    """Whether a tool ran in the context of another errand than its own, or of none."""
    return not use.key.startswith(use.errand or " ")


def what_is_wrong(plan: Plan, errand: Errand, result: Ended) -> str:
    """What of an answer is not as the model gave it; empty if it is right."""
    expected = answer(plan, errand.mark)
    if plan.items:
        if result.output != findings(expected):
            return f"{errand.mark}: the output is {result.output!r}"[:200]
        return ""
    if result.text != expected:
        return f"{errand.mark}: the answer is {result.text!r}"[:200]
    return ""


def _text(result: Ended) -> str:
    if result.output is None:
        return result.text
    return "\n".join([result.text, *(item.key for item in result.output.items)])
