"""The same errands, asked by the SDK's own provider adapter over HTTP: its client, its retries."""

from __future__ import annotations

from contextlib import AsyncExitStack

from benchmarks.agent.workload import PLAIN, Errands
from benchmarks.core import subject
from benchmarks.core.workload import Engine
from mocks.model import Faults
from mocks.openai.server import ModelServer
from mocks.world import Trouble
from mocks.worlds.agent.endpoint import MODEL_HOST, MODEL_PORT, MODEL_URL, AgentDialect
from mocks.worlds.agent.errands import Errand
from mocks.worlds.agent.script import Plan
from targets.opening import Opened, finished
from targets.protocols.agent import Agent, Ended


class HttpErrands(Errands):
    """Errands whose model is behind an endpoint, on the network in memory of the same machine.
    ``server`` is there once the SDK is open. What the model is told is read by its endpoint."""

    server: ModelServer

    def __init__(
        self, plan: Plan = PLAIN, *, faults: Faults | None = None, trouble: Trouble | None = None
    ) -> None:
        super().__init__(plan, faults=faults)
        self.world.model_url = MODEL_URL
        self._trouble = trouble

    def open(self) -> Opened[Engine[Errand, Ended]]:
        """See ``Workload``."""
        offered = subject.capability(Agent)

        async def opened() -> Engine[Errand, Ended]:
            async with AsyncExitStack() as stack:
                server = ModelServer(self.world.model, AgentDialect(), trouble=self._trouble)
                self.server = await stack.enter_async_context(server)
                await server.listen(MODEL_HOST, MODEL_PORT)
                sdk = await finished(offered.open(self.world))
                engine = self._engine(sdk)
                kept = stack.pop_all()

            async def close() -> None:
                await engine.close()
                await kept.aclose()

            return Engine(engine.run, close)

        return opened()
