"""Agents of agno that are one another's tools. A team's leader hands over to members alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mocks.worlds.agent.driven import AskingAgents
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.agno.driver import TARGET
from targets.protocol import Unavailable
from targets.protocols.agent import Teams


class _Sdk(AskingAgents):
    def __init__(self, world: AgentWorld) -> None:
        (offered,) = TARGET.capabilities
        super().__init__(offered.open(world))

    def handing_over(self, specs: Sequence[AgentSpec]) -> Any:
        raise Unavailable("an agent hands over to none: a team's leader does, to its members")


OFFERED = Teams(open=_Sdk)
