"""A center that calls a tool that the user has added to the SDK's own."""

from __future__ import annotations

from mocks.model import Reply, Request, ToolCall
from mocks.worlds.negotiation.faults.witness import TOOL_RESULT
from mocks.worlds.negotiation.script import Scenario, Script

CUSTOM_TOOL = "look_up"
"""The custom tool: ``look_up(topic)``."""


class CustomToolScript(Script):
    """The center calls the custom tool in its first round, then plans. ``missing`` names the tool
    if it was not offered."""

    def __init__(self) -> None:
        super().__init__(Scenario.PLAN)
        self._called: set[str] = set()

    def __call__(self, request: Request, /) -> Reply:
        mark = request.mark
        if request.role == "center" and mark not in self._called:
            self._called.add(mark)
            if CUSTOM_TOOL in request.tools:
                return Reply(tools=(ToolCall(CUSTOM_TOOL, {"topic": mark}),))
            self.missing = CUSTOM_TOOL
        return super().__call__(request)

    def clear(self) -> None:
        super().clear()
        self._called.clear()


async def look_up(topic: str) -> str:
    """What the custom tool does when nothing is wrong with it."""
    return f"{TOOL_RESULT} a van for {topic}"
