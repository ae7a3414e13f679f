"""An SDK with agents on a machine, for tools in threads and for what goes on after an end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager, AsyncExitStack
from types import TracebackType
from typing import Any, Self, TypeVar

from benchmarks.agent.workload import new_world
from benchmarks.core import forked, subject
from benchmarks.core.cells import Attempt
from benchmarks.core.on_machine import Closing, OnMachine, Stacked
from mocks.worlds.agent.errands import Errand
from mocks.worlds.agent.script import Plan
from mocks.worlds.agent.tools import running_errand
from mocks.worlds.agent.world import AgentWorld
from targets.opening import finished
from targets.protocol import Capability
from targets.protocols.agent import Agent, AgentSdk, Ended

T = TypeVar("T")
S = TypeVar("S", bound=Closing)

CHILD_LIMIT_S = 600.0
"""Real seconds after which the process of one figure is killed: a busy machine is no failure."""

CACHE_TIMEOUT_S = 3600.0
"""Real seconds that asv gives all the figures of a module together."""


def fresh(measure: Callable[[], T]) -> Attempt[T]:
    """``attempt(measure)`` in a process of its own."""
    return forked.fresh(measure, limit_s=CHILD_LIMIT_S)


async def connected(offered: Capability[AgentWorld, S], world: AgentWorld) -> Stacked[S]:
    """What is offered, connected to the world, and what closes it. Raises what the SDK raises."""
    async with AsyncExitStack() as stack:
        sdk = await finished(offered.open(world))
        stack.push_async_callback(sdk.close)
        return Stacked(sdk, stack.pop_all())


class Running:
    """The SDK under test with one agent, ready. A context manager, entered once. Raises
    ``Unavailable`` where the SDK has none."""

    on: OnMachine[Stacked[AgentSdk]]
    agent: Any

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.world: AgentWorld = new_world(plan)
        self._offered = subject.capability(Agent)
        self._errands = 0
        self._on = OnMachine(self._open)

    def __enter__(self) -> Self:
        self.on = self._on.__enter__()
        try:
            self.agent = self.sdk.make(self.world.spec())
        except BaseException as error:
            self._on.__exit__(type(error), error, error.__traceback__)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._on.__exit__(kind, error, trace)

    @property
    def sdk(self) -> AgentSdk:
        """What makes agents and runs them."""
        return self.on.handle.used

    def next(self) -> Errand:
        """A new errand; what was recorded so far is forgotten."""
        self.world.clear()
        self._errands += 1
        return Errand(self._errands)

    async def run(self, errand: Errand) -> Ended:
        """Have the agent run it, in a context of its own. Raises what the SDK raises."""
        running_errand.set(errand.mark)
        return await self.sdk.run(self.agent, errand.text)

    def start(self, errand: Errand) -> asyncio.Task[Ended]:
        """The same as a task, inside the loop."""
        return asyncio.get_running_loop().create_task(self.run(errand))

    def traced(self) -> AbstractContextManager[None]:
        """Within, steps may take as much more CPU as code does that is traced."""
        return self.on.traced()

    async def _open(self) -> Stacked[AgentSdk]:
        return await connected(self._offered, self.world)
