"""Agents of langgraph: one hands over by a ``Command``, or is another one's tool."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Annotated, Any

from mocks.worlds.agent.driven import AskingAgents
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.langgraph.driver import TARGET
from targets.protocol import Unavailable
from targets.protocols.agent import Teams


class _Sdk(AskingAgents):
    def __init__(self, world: AgentWorld) -> None:
        (offered,) = TARGET.capabilities
        super().__init__(offered.open(world))

    def handing_over(self, specs: Sequence[AgentSpec]) -> Any:
        graphs = importlib.import_module("langgraph.graph")
        graph = graphs.StateGraph(graphs.MessagesState)
        for spec, after in zip(specs, [*specs[1:], None], strict=True):
            tools = [] if after is None else [_hand_over(after.name, graphs.MessagesState)]
            about = {"prompt": spec.instructions, "name": spec.name}
            graph.add_node(spec.name, self._agents._make(self._agents._model, tools, **about))
        graph.add_edge(graphs.START, specs[0].name)
        return graph.compile()


def _hand_over(name: str, state_type: Any) -> Any:
    """A tool that hands over, as the documentation of the SDK makes it."""
    try:
        command = importlib.import_module("langgraph.types").Command
        injected = importlib.import_module("langgraph.prebuilt").InjectedState
        call_id = importlib.import_module("langchain_core.tools").InjectedToolCallId
        parent = command.PARENT
    except (ImportError, AttributeError) as error:
        raise Unavailable(f"nothing hands over to another graph: {error}") from error
    tools = importlib.import_module("langchain_core.tools")
    message = importlib.import_module("langchain_core.messages").ToolMessage

    async def hand_over(key: Any, state: Any, tool_call_id: Any) -> Any:
        """Hand over."""
        said = message("handed over", name=name, tool_call_id=tool_call_id)
        return command(goto=name, graph=parent, update={"messages": [*state["messages"], said]})

    hand_over.__annotations__ = {
        "key": str,
        "state": Annotated[state_type, injected],
        "tool_call_id": Annotated[str, call_id],
    }
    return tools.StructuredTool.from_function(coroutine=hand_over, name=name)


OFFERED = Teams(open=_Sdk)
