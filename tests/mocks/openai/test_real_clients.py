"""OpenAI's and Anthropic's own clients, in real time and on a virtual clock and network."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Literal

import pytest
from pydantic import BaseModel
from world_of_http import DIALECT, TEXT, says

from mocks.clock import VirtualClock
from mocks.model import Model, RateLimit, Streaming
from mocks.net import Network
from mocks.openai.server import ModelServer

if TYPE_CHECKING:
    import anthropic
    import openai

pytestmark = pytest.mark.slow

Run = Callable[[Coroutine[Any, Any, Any]], Any]

MESSAGES: Any = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "x #9"}]
SAID: Any = [{"role": "user", "content": "x #9"}]


class Weather(BaseModel):
    """What a client wants to be told."""

    place: str
    sky: Literal["grey", "blue"]
    degrees: int


PARAMETERS: dict[str, Any] = {
    "type": "object",
    "properties": {"place": {"type": "string"}, "degrees": {"type": "integer", "minimum": 5}},
    "required": ["place", "degrees"],
    "additionalProperties": False,
}
ARGUMENTS = {"place": TEXT, "degrees": 5}


def virtually(scenario: Coroutine[Any, Any, Any]) -> Any:
    with VirtualClock() as clock, Network(clock.loop):
        return clock.run(scenario)


@pytest.fixture(params=["real", "virtual"])
def run(request: pytest.FixtureRequest) -> Run:
    """Runs a coroutine to its end."""
    return asyncio.run if request.param == "real" else virtually


@asynccontextmanager
async def url_of(model: Model) -> AsyncIterator[str]:
    async with ModelServer(model, DIALECT) as server:
        await server.listen()
        yield f"http://127.0.0.1:{server.port}"


@asynccontextmanager
async def openai_of(model: Model, retries: int = 0) -> AsyncIterator[openai.AsyncOpenAI]:
    import openai  # not by every process that collects tests: it takes a second

    async with url_of(model) as url:
        options: Any = {"base_url": f"{url}/v1", "api_key": "k", "max_retries": retries}
        async with openai.AsyncOpenAI(**options) as client:
            yield client


@asynccontextmanager
async def anthropic_of(model: Model, retries: int = 0) -> AsyncIterator[anthropic.AsyncAnthropic]:
    import anthropic  # as above

    async with url_of(model) as url:
        options: Any = {"base_url": url, "api_key": "k", "max_retries": retries}
        async with anthropic.AsyncAnthropic(**options) as client:
            yield client


def model(**options: Any) -> Model:
    return Model(says, latency=0.01, streaming=Streaming(0.01, 0.001), **options)


def test_chat_completions(run: Run) -> None:
    async def scenario() -> None:
        async with openai_of(model()) as client:
            habits: Any = {"n": 1, "seed": 7, "user": "u", "temperature": 0.2, "top_p": 1}
            whole = await client.chat.completions.create(model="m", messages=MESSAGES, **habits)
            assert whole.choices[0].message.content == TEXT
            assert whole.choices[0].finish_reason == "stop"
            assert whole.usage
            assert whole.usage.completion_tokens == 6
            cut = await client.chat.completions.create(
                model="m", messages=MESSAGES, max_completion_tokens=2
            )
            assert cut.choices[0].message.content == TEXT[:8]
            assert cut.choices[0].finish_reason == "length"
            pieces = await client.chat.completions.create(
                model="m",
                messages=MESSAGES,
                stream=True,
                max_tokens=3,
                stream_options={"include_usage": True},
            )
            words, ends, used = "", [], 0
            async for piece in pieces:
                used = piece.usage.completion_tokens if piece.usage else 0
                for choice in piece.choices:
                    words += choice.delta.content or ""
                    ends += [choice.finish_reason] if choice.finish_reason else []
            assert (words, ends, used) == (TEXT[:12], ["length"], 3)

    run(scenario())


def test_chat_completions_that_fit_a_schema(run: Run) -> None:
    async def scenario() -> None:
        async with openai_of(model()) as client:
            parsed = await client.chat.completions.parse(
                model="m", messages=MESSAGES, response_format=Weather
            )
            assert parsed.choices[0].message.parsed == Weather(place=TEXT, sky="grey", degrees=1)
            any_object = await client.chat.completions.create(
                model="m", messages=MESSAGES, response_format={"type": "json_object"}
            )
            assert json.loads(any_object.choices[0].message.content or "") == {"answer": TEXT}

    run(scenario())


def test_tools_that_must_be_called_are_called_one_after_the_other(run: Run) -> None:
    """As an agent does that puts out its result by a tool of its own."""
    names = ("search", "final_result")
    tools: Any = [
        {"type": "function", "function": {"name": name, "parameters": PARAMETERS, "strict": True}}
        for name in names
    ]

    async def scenario() -> None:
        async with openai_of(model()) as client:
            messages = list(MESSAGES)
            for name in (*names, "final_result"):
                answer = await client.chat.completions.create(
                    model="m", messages=messages, tools=tools, tool_choice="required"
                )
                message = answer.choices[0].message
                (call,) = message.tool_calls or ()
                assert call.type == "function"
                assert call.function.name == name
                assert json.loads(call.function.arguments) == ARGUMENTS
                result = {"role": "tool", "tool_call_id": call.id, "content": "done"}
                messages += [message.model_dump(exclude_none=True), result]
            free = await client.chat.completions.create(model="m", messages=messages, tools=tools)
            assert free.choices[0].message.content == TEXT
            async with client.chat.completions.stream(
                model="m", messages=messages, tools=tools, tool_choice="required"
            ) as stream:
                final = await stream.get_final_completion()
            (call,) = final.choices[0].message.tool_calls or ()
            assert call.function.parsed_arguments == ARGUMENTS
            assert final.choices[0].finish_reason == "tool_calls"

    run(scenario())


def test_embeddings(run: Run) -> None:
    async def scenario() -> None:
        async with openai_of(model()) as client:
            texts = ["cats and dogs", "dogs and cats", "trains"]
            made = await client.embeddings.create(model="e", input=texts)
            cats, dogs, trains = (each.embedding for each in made.data)
            assert len(cats) == 1536
            assert cats == dogs
            assert sum(a * b for a, b in zip(cats, trains, strict=True)) < 0.5
            assert sum(a * a for a in cats) == pytest.approx(1)
            short = await client.embeddings.create(
                model="e", input="x", dimensions=8, encoding_format="float"
            )
            assert len(short.data[0].embedding) == 8
            assert made.usage.total_tokens == 10

    run(scenario())


@pytest.mark.slow
def test_responses(run: Run) -> None:
    async def scenario() -> None:
        async with openai_of(model()) as client:
            whole = await client.responses.create(model="m", input="x", instructions="Be brief.")
            assert (whole.output_text, whole.status) == (TEXT, "completed")
            cut = await client.responses.create(model="m", input="x", max_output_tokens=2)
            assert cut.output_text == TEXT[:8]
            assert cut.incomplete_details
            assert cut.incomplete_details.reason == "max_output_tokens"
            parsed = await client.responses.parse(model="m", input=SAID, text_format=Weather)
            assert parsed.output_parsed == Weather(place=TEXT, sky="grey", degrees=1)
            async with client.responses.stream(model="m", input="x") as stream:
                events = [event async for event in stream]
                final = await stream.get_final_response()
            assert final.output_text == TEXT
            deltas = [e.delta for e in events if e.type == "response.output_text.delta"]
            assert (len(deltas), "".join(deltas)) == (5, TEXT)
            assert [e.sequence_number for e in events] == list(range(len(events)))

    run(scenario())


def test_tools_of_responses(run: Run) -> None:
    tools: Any = [{"type": "function", "name": "f", "parameters": PARAMETERS, "strict": True}]

    async def scenario() -> None:
        async with openai_of(model()) as client:
            asked: Any = {"model": "m", "input": SAID, "tools": tools}
            whole = await client.responses.create(**asked, tool_choice="required")
            (call,) = whole.output
            assert call.type == "function_call"
            assert (call.name, json.loads(call.arguments)) == ("f", ARGUMENTS)
            async with client.responses.stream(
                **asked, tool_choice={"type": "function", "name": "f"}
            ) as stream:
                final = await stream.get_final_response()
            (call,) = final.output
            assert call.type == "function_call"
            assert call.parsed_arguments == ARGUMENTS
            result = {"type": "function_call_output", "call_id": call.call_id, "output": "done"}
            said: Any = [*SAID, call.model_dump(exclude={"parsed_arguments"}), result]
            after = await client.responses.create(model="m", input=said, tools=tools)
            assert after.output_text == TEXT

    run(scenario())


def test_messages(run: Run) -> None:
    async def scenario() -> None:
        async with anthropic_of(model()) as client:
            asked: Any = {"model": "m", "messages": SAID, "system": "Be brief."}
            whole = await client.messages.create(**asked, max_tokens=100)
            assert [block.type == "text" and block.text for block in whole.content] == [TEXT]
            assert whole.stop_reason == "end_turn"
            assert whole.usage.output_tokens == 6
            async with client.messages.stream(**asked, max_tokens=2) as stream:
                words = [word async for word in stream.text_stream]
                final = await stream.get_final_message()
            assert words == ["The", " answ"]
            assert final.stop_reason == "max_tokens"
            assert final.usage.output_tokens == 2

    run(scenario())


def test_tools_of_messages(run: Run) -> None:
    tools: Any = [{"name": "f", "description": "does", "input_schema": PARAMETERS}]

    async def scenario() -> None:
        async with anthropic_of(model()) as client:
            asked: Any = {"model": "m", "messages": SAID, "max_tokens": 100, "tools": tools}
            for choice in ({"type": "any"}, {"type": "tool", "name": "f"}):
                whole = await client.messages.create(**asked, tool_choice=choice)
                (use,) = whole.content
                assert use.type == "tool_use"
                assert (use.name, use.input) == ("f", ARGUMENTS)
                assert whole.stop_reason == "tool_use"
            async with client.messages.stream(**asked, tool_choice={"type": "any"}) as stream:
                final = await stream.get_final_message()
            (use,) = final.content
            assert use.type == "tool_use"
            assert use.input == ARGUMENTS
            result = {"type": "tool_result", "tool_use_id": use.id, "content": "done"}
            used = use.model_dump(include={"type", "id", "name", "input"})
            said = [
                *SAID,
                {"role": "assistant", "content": [used]},
                {"role": "user", "content": [result]},
            ]
            after = await client.messages.create(**{**asked, "messages": said})
            assert after.stop_reason == "end_turn"

    run(scenario())


def test_errors_are_the_clients_own(run: Run) -> None:
    import anthropic
    import openai

    async def scenario() -> None:
        limited = model(limit=RateLimit(1))
        async with openai_of(limited) as client:
            await client.responses.create(model="m", input="x")
            with pytest.raises(openai.RateLimitError) as refused:
                await client.responses.create(model="m", input="x")
            assert 1 <= int(refused.value.response.headers["retry-after"]) <= 60
            with pytest.raises(openai.BadRequestError, match="messages must be"):
                await client.chat.completions.create(model="m", messages=[])
        async with anthropic_of(limited) as client_of_anthropic:
            with pytest.raises(anthropic.RateLimitError, match="rate_limit_error"):
                await client_of_anthropic.messages.create(model="m", messages=SAID, max_tokens=9)
            with pytest.raises(anthropic.BadRequestError, match="max_tokens"):
                await client_of_anthropic.messages.create(model="m", messages=SAID, max_tokens=0)

    run(scenario())


def test_a_client_that_is_told_to_wait_waits_in_virtual_time() -> None:
    limited = model(limit=RateLimit(1))

    async def scenario() -> float:
        async with openai_of(limited, retries=1) as client:
            for _ in range(2):
                await client.responses.create(model="m", input="x")
            return asyncio.get_running_loop().time()

    assert virtually(scenario()) == pytest.approx(60.03, abs=0.02)
    assert [call.outcome for call in limited.calls] == ["ok", "RateLimited", "ok"]
