"""How faults get into Towow: the bodies of its replies, a custom tool, what sessions say of
themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mocks.world import Body, Codec, World
from mocks.worlds.negotiation.faults import CUSTOM_TOOL, Part, look_up
from mocks.worlds.negotiation.places import Place
from targets.protocols.negotiation import Negotiated

_SCHEMA = {
    "name": CUSTOM_TOOL,
    "description": "Looks a topic up.",
    "input_schema": {"type": "object", "properties": {"topic": {"type": "string"}}},
}


class LookUp:
    """The custom tool, as Towow's ``CenterToolHandler``."""

    tool_name = CUSTOM_TOOL

    def __init__(self, world: World) -> None:
        self._look_up: Callable[..., Any] = world.at(Place.TOOL, look_up)

    async def handle(self, session: Any, tool_args: dict[str, Any], context: Any) -> Any:
        found = await self._look_up(**tool_args)
        return {"found": found} if isinstance(found, str) else found


def offering_look_up(center: type[Any]) -> Any:
    """A center skill that offers the custom tool besides its own."""

    def tools(self: Any) -> list[dict[str, Any]]:
        return [*center._get_tools(self), _SCHEMA]

    def restricted_tools(self: Any) -> list[dict[str, Any]]:
        # Where one round is all there is, its tools are the restricted ones.
        return [*center._get_restricted_tools(self), _SCHEMA]

    own = {"_get_tools": tools, "_get_restricted_tools": restricted_tools}
    return type("Center", (center,), own)()


def shortcomings(done: Negotiated) -> Sequence[str]:
    """What a session says of itself, in its events and its metadata."""
    session: Any = done.native
    said = [Part.NEGOTIATION] if session.metadata.get("error") else []
    for event in getattr(session, "event_history", ()):
        if event["data"].get("degraded"):
            said.append(Part.FORMULATION)
    return said


def _read(response: Mapping[str, Any]) -> Body:
    calls = tuple((call["name"], call["arguments"]) for call in response["tool_calls"] or ())
    return Body(response["content"], calls)


def _write(response: Mapping[str, Any], body: Body) -> dict[str, Any]:
    calls = [{"id": f"call-{n}", "name": n, "arguments": a} for n, a in body.tools or ()]
    return {**response, "content": body.text, "tool_calls": calls or None}


TEXT = Codec(read=lambda text: Body(text), write=lambda _, body: body.text)
"""Of ``ProfileDataSource.chat``."""

RESPONSE = Codec(_read, _write)
"""Of ``PlatformLLMClient.chat``."""
