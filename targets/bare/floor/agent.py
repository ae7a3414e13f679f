"""An agent in plain asyncio: the model is asked, its tools are called, until it answers."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Message = Mapping[str, Any]
"""What was said: ``role`` (user, assistant, tool), ``content``, and the ``calls`` of a model."""

_TYPES = {"str": "string", "int": "integer", "float": "number", "bool": "boolean"}


class Call(NamedTuple):
    """A tool call that the model wants."""

    name: str
    arguments: Mapping[str, Any]
    id: str = ""


class Said(NamedTuple):
    """What the model says: a text, or the tools that it wants called."""

    text: str
    calls: Sequence[Call] = ()


@dataclass(slots=True)
class Run:
    """A run that has ended: all that was said, and what came of it."""

    messages: list[Message] = field(default_factory=list)
    output: Any = None


class Agent:
    """Asks a model until it calls no tool any more.

    ``ask``: gives what the model says to instructions, messages and the schemas of tools; ``tell``:
    the same as a stream of words; ``parse``: makes the output of a text.
    """

    def __init__(
        self,
        ask: Callable[[str, Sequence[Message], Sequence[Message]], Awaitable[Said]],
        tell: Callable[[str, Sequence[Message]], AsyncIterator[str]],
        instructions: str,
        tools: Sequence[Callable[..., Any]] = (),
        parse: Callable[[str], Any] = str,
    ) -> None:
        self._ask = ask
        self._tell = tell
        self._instructions = instructions
        self._parse = parse
        self._tools = {tool.__name__: tool for tool in tools}
        self._schemas = [_schema(tool) for tool in tools]

    async def run(self, said: str, before: Sequence[Message] = ()) -> Run:
        """Do what is said, after what was said before. Raises what model and tools raise; then no
        tool goes on."""
        run = Run([*before, {"role": "user", "content": said}])
        while True:
            reply = await self._ask(self._instructions, run.messages, self._schemas)
            run.messages.append({"role": "assistant", "content": reply.text, "calls": reply.calls})
            if not reply.calls:
                run.output = self._parse(reply.text)
                return run
            results = await self._called(reply.calls)
            run.messages += [
                {"role": "tool", "content": result, "tool_call_id": call.id}
                for call, result in zip(reply.calls, results, strict=True)
            ]

    async def stream(self, said: str) -> AsyncGenerator[str, None]:
        """The words of an answer without tools."""
        async for word in self._tell(self._instructions, [{"role": "user", "content": said}]):
            yield word

    async def _called(self, calls: Sequence[Call]) -> list[str]:
        """What the tools give that are called, all at the same time."""
        tasks = [asyncio.ensure_future(self._call(call)) for call in calls]
        try:
            return await asyncio.gather(*tasks)
        except BaseException:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            raise

    async def _call(self, call: Call) -> str:
        tool = self._tools[call.name]
        if inspect.iscoroutinefunction(tool):
            return str(await tool(**call.arguments))
        return str(await asyncio.to_thread(tool, **call.arguments))


class Endpoint:
    """A model behind OpenAI's chat completions: a connection for each request, no retries."""

    def __init__(self, host: str | None, port: int | None, path: str) -> None:
        self._host = host
        self._port = port
        self._head = (
            f"POST {path}/chat/completions HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer none"
            "\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
        )

    async def ask(
        self, instructions: str, messages: Sequence[Message], schemas: Sequence[Message]
    ) -> Said:
        """What the model says. Raises ``ConnectionError`` for an answer that is none."""
        said = [{"role": "system", "content": instructions}, *map(_to_endpoint, messages)]
        content: dict[str, Any] = {"model": "any", "messages": said}
        if schemas:
            content["tools"] = [{"type": "function", "function": each} for each in schemas]
        answer = (await self._post(json.dumps(content)))["choices"][0]["message"]
        calls = [
            Call(each["function"]["name"], json.loads(each["function"]["arguments"]), each["id"])
            for each in answer.get("tool_calls") or ()
        ]
        return Said(answer["content"] or "", calls)

    async def _post(self, content: str) -> Any:
        reader, writer = await asyncio.open_connection(self._host, self._port)
        try:
            writer.write(f"{self._head}{len(content)}\r\n\r\n{content}".encode())
            status, _, body = (await reader.read()).partition(b"\r\n\r\n")
        finally:
            writer.close()
        if not status.startswith(b"HTTP/1.1 200"):
            raise ConnectionError(status.partition(b"\r\n")[0].decode() or "it was cut off")
        return json.loads(body)


def _to_endpoint(message: Message) -> Message:
    """A message as the endpoint wants it."""
    if not message.get("calls"):
        return {key: value for key, value in message.items() if key != "calls"}
    calls = [
        {
            "id": call.id,
            "type": "function",
            "function": {"name": call.name, "arguments": json.dumps(call.arguments)},
        }
        for call in message["calls"]
    ]
    return {"role": "assistant", "content": None, "tool_calls": calls}


def _schema(tool: Callable[..., Any]) -> Message:
    """What the model is told of a tool."""
    parameters = inspect.signature(tool).parameters.values()
    properties = {each.name: {"type": _TYPES[str(each.annotation)]} for each in parameters}
    schema = {"type": "object", "properties": properties, "required": list(properties)}
    return {"name": tool.__name__, "description": inspect.getdoc(tool), "parameters": schema}
