"""What is asked, or what is answered, is checked by an SDK's guardrails: does a check that lets
nothing pass stop the run, what was done by then, and what do checks cost?

One turn with a call of a tool, then the answer. The model takes 1.137 s a call, a tool 0.23 s, a
check 0.31 s; the late one 1.61 s, by which time the tool could have been called.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import partial

from benchmarks.agent.running import CACHE_TIMEOUT_S, connected, fresh
from benchmarks.agent.tools import function_calls
from benchmarks.agent.workload import Errands
from benchmarks.core.cells import Attempt, value_of
from benchmarks.core.forked import each_fresh
from benchmarks.core.notes import note
from benchmarks.core.on_machine import OnMachine
from benchmarks.core.parts import part
from benchmarks.core.presentation import portal_row, presented
from benchmarks.core.series import series
from benchmarks.core.workload import Engine, WrongOutcome, engine_of
from benchmarks.questions import scaling
from mocks.worlds.agent.errands import Errand
from mocks.worlds.agent.script import LATENCY_S, Plan, answer
from mocks.worlds.agent.tools import TOOL_S, running_errand
from targets.opening import Opened
from targets.protocols.agent import Ended, Guardrails, GuardrailsSdk, Passes, Stopped

CHECK_S = 0.31
LATE_S = 1.61
SETTLE_S = 1e-6
"""Virtual seconds after the end of a run at which nothing of it may be left."""

HELD = {"latency_s": LATENCY_S, "tool_s": TOOL_S, "check_s": CHECK_S, "late_check_s": LATE_S}


class Checked(StrEnum):
    """What is checked, and what comes of it."""

    NONE = "nothing checked"
    ASKED_PASSES = "asked, passes"
    ASKED_STOPS = "asked, stopped"
    ASKED_STOPS_LATE = "asked, stopped late"
    ANSWERED_PASSES = "answered, passes"
    ANSWERED_STOPS = "answered, stopped"

    @property
    def stops(self) -> bool:
        """Whether nothing passes."""
        return "stopped" in self

    @property
    def seconds(self) -> float:
        """That it takes."""
        return LATE_S if self is Checked.ASKED_STOPS_LATE else CHECK_S


class GuardedErrands(Errands):
    """Errands that are checked. ``checked``: the texts that were."""

    def __init__(self, check: Checked) -> None:
        super().__init__(Plan(turns=(("look",),)))
        self._check = check
        self.checked: list[str] = []

    def open(self) -> Opened[Engine[Errand, Ended]]:
        """See ``Workload``."""
        return engine_of(part(Guardrails).open(self.world), self.guarded)

    def forget(self) -> None:
        """See ``Workload``."""
        super().forget()
        self.checked.clear()

    def require_results(
        self, inputs: Sequence[Errand], results: Sequence[Ended], *, complete: bool = True
    ) -> None:
        """See ``Errands``: and those are stopped that have to be, and no others."""
        if not self._check.stops:
            super().require_results(inputs, results, complete=complete)
        for errand, result in zip(inputs, results, strict=True):
            if self._check.stops is not isinstance(result, Stopped):
                what = "not stopped" if self._check.stops else "stopped"
                raise WrongOutcome(f"{errand.mark}: it was {what}: {result.text!r}"[:200])

    def what_went_wrong(self, inputs: Sequence[Errand]) -> str:
        """See ``Errands``: and each errand, or its answer, was checked once. Of what is stopped
        before its end is not said how often the model is asked."""
        due = sorted(filter(None, map(self._due, inputs)))
        if sorted(self.checked) != due:
            return f"{len(due)} texts were to be checked, and these were: {self.checked}"[:200]
        if self._check in (Checked.ASKED_STOPS, Checked.ASKED_STOPS_LATE):
            return ""
        return super().what_went_wrong(inputs)

    def guarded(self, sdk: GuardrailsSdk) -> Engine[Errand, Ended]:
        """Runs of an agent with guardrails."""
        check: Passes = self._passes
        is_of_asked = self._check.startswith("asked")
        is_of_answered = self._check.startswith("answered")
        spec = self.world.spec()
        agent = sdk.make(spec, check if is_of_asked else None, check if is_of_answered else None)

        async def run(errand: Errand) -> Ended:
            running_errand.set(errand.mark)
            return await sdk.run(agent, errand.text)

        return Engine(run, sdk.close)

    def _due(self, errand: Errand) -> str:
        """The text that is checked of an errand; empty if none is."""
        if self._check is Checked.NONE:
            return ""
        return errand.text if self._check.startswith("asked") else answer(self.plan, errand.mark)

    async def _passes(self, text: str) -> bool:
        self.checked.append(text)
        await asyncio.sleep(self._check.seconds)
        return not self._check.stops


@dataclass(frozen=True, slots=True)
class GuardedFigures(scaling.SizeFigures):
    """The figures of a run; ``tools`` that were called in it; ``tasks`` that were left right after
    its end; ``said``: how it was stopped."""

    tools: int
    tasks: int
    said: str


def measure(check: Checked) -> GuardedFigures:
    """A run that is checked so."""
    sized = scaling.measure(GuardedErrands(check), everywhere=False)
    errands = GuardedErrands(check)
    with OnMachine(partial(connected, part(Guardrails), errands.world)) as on:
        engine = errands.guarded(on.handle.used)
        on.run(engine.run(Errand(1)))
        errands.forget()
        ended, tasks = on.run(_left(engine))
    return GuardedFigures(
        **asdict(sized),
        tools=len(errands.world.toolbox.log),
        tasks=tasks,
        said=_said(ended) if isinstance(ended, Stopped) else "",
    )


async def _left(engine: Engine[Errand, Ended]) -> tuple[Ended, int]:
    """How a run ends, and how many tasks it leaves."""
    before = asyncio.all_tasks()
    ended = await engine.run(Errand(2))
    await asyncio.sleep(SETTLE_S)
    return ended, len(asyncio.all_tasks() - before)


def _said(stopped: Stopped) -> str:
    kind = type(stopped.native).__name__
    return f"{kind}: {stopped.text}"[:200]


Cache = Mapping[str, Attempt[GuardedFigures]]


@presented(holds=HELD, demo=("track_model_calls", "track_sdk_bytecodes", "track_tasks_left"))
class Run:
    """A run of which what is asked, or what is answered, is checked."""

    params = tuple(check.value for check in Checked)
    param_names = ("check",)

    def setup_cache(self) -> Cache:
        return each_fresh({check.value: partial(measure, check) for check in Checked}, fresh)

    vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S

    def setup(self, cache: Cache, check: str) -> None:
        self.figures: GuardedFigures = value_of(cache[check])
        if self.figures.said:
            note(self.figures.said)

    track_makespan = scaling.makespan
    track_sdk_bytecodes = scaling.sdk_bytecodes
    track_function_calls = portal_row(
        function_calls,
        rank=840,
        label="Function calls of a run whose question is checked",
        work="by a guardrail that lets it pass; one turn with a call of a tool",
        unit="calls",
        cell={"check": Checked.ASKED_PASSES.value},
        needs_same="python",
    )

    @series(version="1", kind="exact", unit="calls", group="calls", explain="counted")
    def track_model_calls(self, cache: Cache, check: str) -> int:
        """Calls to the model, those that were given up too: what a question costs that is
        stopped."""
        return self.figures.model_calls

    @series(version="1", kind="exact", unit="tools", group="outcome")
    def track_tools_called(self, cache: Cache, check: str) -> int:
        """Tools that were called: side effects, also of what is stopped."""
        return self.figures.tools

    @series(version="1", kind="exact", unit="tasks", group="outcome")
    def track_tasks_left(self, cache: Cache, check: str) -> int:
        """Tasks that are still there when the run has ended. Must be 0."""
        return self.figures.tasks
