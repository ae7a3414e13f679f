"""A model behind an endpoint on a virtual network: each wait and each failure at its instant."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
from world_of_http import DIALECT, TEXT, chat, post, says

from mocks.clock import Hang, LastingClock, VirtualClock
from mocks.faults import Case, PlannedFault, What, When
from mocks.faults.calls import GATEWAY_TIMEOUT_S, LATE_S, REFUSAL_S, WORD_S
from mocks.faults.plan import MOST_CALLS
from mocks.http.client import Client, Patience
from mocks.http.errors import BrokenOff, HttpFailure, TimedOut
from mocks.http.events import EventReader
from mocks.http.response import Response
from mocks.model import Model, RateLimit, Reply, Request, Streaming, ToolCall
from mocks.net import Network
from mocks.openai.asked import Asked
from mocks.openai.server import ModelServer

STREAMING = Streaming(first_token=0.4, per_token=0.02)


def virtually(scenario: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Its result, on a virtual clock and network."""
    with VirtualClock() as clock, Network(clock.loop) as network:
        result = clock.run(scenario())
        assert network.refused == ()
        return result


@asynccontextmanager
async def client_of(model: Model, **options: Any) -> AsyncIterator[tuple[Client, ModelServer]]:
    async with ModelServer(model, DIALECT, **options) as server:
        await server.listen()
        async with Client("127.0.0.1", server.port) as client:
            yield client, server


def content(response: Response) -> str | None:
    assert response.status == 200, response.body
    text: str | None = json.loads(response.body)["choices"][0]["message"]["content"]
    return text


async def streamed(client: Client, **more: object) -> list[tuple[float, str]]:
    """The words of a stream, and when each came."""
    words = []
    async with client.ask(post(chat(stream=True, **more))) as response:
        assert response.status == 200
        async for event in response.events():
            if event.data != "[DONE]":
                delta = json.loads(event.data)["choices"][0]["delta"]
                if delta.get("content"):
                    words.append((event.at, delta["content"]))
    return words


def test_a_reply_takes_the_models_latency_and_is_in_its_log() -> None:
    model = Model(says, latency=1.1)

    async def scenario() -> None:
        async with client_of(model) as (client, _):
            headers = {"X-Unladen-Role": "judge", "X-Unladen-Agent": "a1"}
            response = await client.fetch(post(chat(), **headers))
            assert content(response) == TEXT
            assert response.first_byte == 1.1

    virtually(scenario)
    (call,) = model.calls
    assert (call.role, call.agent, call.mark, call.outcome) == ("judge", "a1", "7", "ok")
    assert (call.queued, call.started, call.ended) == (0.0, 0.0, 1.1)


def test_words_come_when_the_model_says_them() -> None:
    model = Model(says, streaming=STREAMING)

    async def scenario() -> list[tuple[float, str]]:
        async with client_of(model) as (client, _):
            return await streamed(client)

    words = virtually(scenario)
    assert [at for at, _ in words] == pytest.approx([0.4, 0.42, 0.44, 0.46, 0.48])
    assert "".join(word for _, word in words) == TEXT
    assert (model.calls[0].first_token, model.calls[0].ended) == (words[0][0], words[-1][0])


def test_a_stream_has_an_event_for_each_word_and_three_around_them() -> None:
    async def scenario() -> list[str]:
        async with client_of(Model(says)) as (client, _):
            response = await client.fetch(post(chat(stream=True)))
        return [event.data for event in EventReader().feed(0.0, response.body)]

    events = virtually(scenario)
    choices = [json.loads(data)["choices"][0] for data in events[:-1]]
    assert [choice["delta"] for choice in choices] == [
        {"role": "assistant", "content": ""},
        *({"content": word} for word in ("The", " answer", " is", " forty", " two.")),
        {},
    ]
    assert [choice["finish_reason"] for choice in choices] == [None] * 6 + ["stop"]
    assert events[-1] == "[DONE]"


def test_slots_make_the_others_wait() -> None:
    model = Model(says, latency=1.0, slots=2)

    async def scenario() -> list[float]:
        async with client_of(model) as (client, server):
            responses = await asyncio.gather(*(client.fetch(post(chat())) for _ in range(5)))
            assert server.opened == 5
            return [response.first_byte for response in responses]

    assert virtually(scenario) == [1.0, 1.0, 2.0, 2.0, 3.0]


def test_a_limit_refuses_and_says_when_to_come_again() -> None:
    model = Model(says, limit=RateLimit(2))

    async def scenario() -> list[tuple[int, str]]:
        async with client_of(model) as (client, server):
            asks = [post(chat()), post(chat()), post(chat()), post(chat(stream=True))]
            responses = [await client.fetch(ask) for ask in asks]
            assert (server.model.asked, server.model.refused) == (2, 2)
        return [(response.status, response.headers.get("Retry-After")) for response in responses]

    assert virtually(scenario) == [(200, ""), (200, ""), (429, "58"), (429, "58")]
    outcomes = [call.outcome for call in model.calls]
    assert outcomes == ["ok", "ok", "RateLimited", "RateLimited"]


@pytest.mark.parametrize("stream", [False, True])
def test_a_client_that_leaves_cancels_its_call(stream: bool) -> None:
    model = Model(says, latency=9.0, streaming=Streaming(1.0, 9.0))

    async def scenario() -> None:
        async with client_of(model) as (client, server):
            with pytest.raises(TimedOut):
                await client.fetch(post(chat(stream=stream)), patience=Patience(total=2.5))
            await server.wait_closed()

    virtually(scenario)
    (call,) = model.calls
    assert (call.outcome, call.ended) == ("cancelled", 2.5)
    assert call.first_token == (1.0 if stream else None)


def faulty(
    what: What, reply: Reply | None = None, most_calls: int = MOST_CALLS
) -> tuple[Model, PlannedFault]:
    """A model of which the first call goes wrong."""
    case = Case("chat", what, When.FIRST, "", frozenset(), "", "")
    fault = PlannedFault(case, most_calls=most_calls)
    answer = reply or Reply(json.dumps({"answer": TEXT}))
    return Model(lambda request: answer, latency=1.0, faults=fault, streaming=STREAMING), fault


def asked_twice(
    what: What, reply: Reply | None = None, *, stream: bool = False, limit: float = 1000.0
) -> list[Response | HttpFailure]:
    """What becomes of a call that goes wrong, and of the next."""
    model, fault = faulty(what, reply)

    async def scenario() -> list[Response | HttpFailure]:
        got: list[Response | HttpFailure] = []
        async with client_of(model, trouble=fault) as (client, _):
            for _ in range(2):
                try:
                    patience = Patience(total=limit)
                    got.append(await client.fetch(post(chat(stream=stream)), patience=patience))
                except HttpFailure as error:
                    got.append(error)
        return got

    got: list[Response | HttpFailure] = virtually(scenario)
    assert isinstance(got[1], Response)
    assert got[1].status == 200
    assert fault.why_void() is None
    return got


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("what", "status", "hint", "after"),
    [
        (What.TIMES_OUT, 504, "", GATEWAY_TIMEOUT_S),
        (What.UNAVAILABLE, 503, "", REFUSAL_S),
        (What.LIMITED, 429, "", REFUSAL_S),
        (What.LIMITED_HINT, 429, "21", REFUSAL_S),
        (What.LATE, 200, "", LATE_S + 1.0),
    ],
)
def test_a_fault_of_a_call_is_a_status(
    what: What, status: int, hint: str, after: float, stream: bool
) -> None:
    response = asked_twice(what, stream=stream)[0]
    assert isinstance(response, Response)
    assert (response.status, response.headers.get("Retry-After")) == (status, hint)
    if stream and status == 200:
        after += STREAMING.first_token
    assert response.first_byte == pytest.approx(after)


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("what", [What.RAISES, What.DISCONNECTS])
def test_a_connection_that_breaks_breaks_the_clients(what: What, stream: bool) -> None:
    assert isinstance(asked_twice(what, stream=stream)[0], BrokenOff)


def test_a_call_that_disconnects_midway_has_sent_something() -> None:
    async def scenario(stream: bool) -> bytes:
        model, fault = faulty(What.DISCONNECTS)
        async with client_of(model, trouble=fault) as (client, _):
            async with client.ask(post(chat(stream=stream))) as response:
                piece = await response.piece()
                with pytest.raises(BrokenOff):
                    await response.read()
            return b"" if piece is None else piece.data

    assert virtually(lambda: scenario(False)).startswith(b'{"id": "chatcmpl')
    assert virtually(lambda: scenario(True)).startswith(b'data: {"id": "chatcmpl')


def test_who_waits_for_ever_gives_up_or_hangs() -> None:
    assert isinstance(asked_twice(What.HANGS)[0], TimedOut)
    model, fault = faulty(What.HANGS)

    async def scenario() -> None:
        async with client_of(model, trouble=fault) as (client, _):
            await client.fetch(post(chat()))

    with pytest.raises(Hang, match="in forever"):
        virtually(scenario)


def test_a_stream_stops_and_a_stream_crawls() -> None:
    reply = Reply("one two three four")
    assert isinstance(asked_twice(What.STREAM_STOPS, reply, stream=True)[0], TimedOut)
    crawled = asked_twice(What.STREAM_CRAWLS, reply, stream=True)[0]
    assert isinstance(crawled, Response)
    assert crawled.longest_gap == pytest.approx(WORD_S + STREAMING.per_token)


def message(response: Response | HttpFailure) -> Any:
    assert isinstance(response, Response)
    return json.loads(response.body)["choices"][0]["message"]


def said_in(response: Response | HttpFailure) -> str:
    """The text of a stream."""
    assert isinstance(response, Response)
    lines = response.body.decode().split("\n\n")
    deltas = [json.loads(line[6:])["choices"][0]["delta"] for line in lines if "{" in line]
    return "".join(delta.get("content") or "" for delta in deltas)


WHOLE = json.dumps({"answer": TEXT})


@pytest.mark.parametrize(
    ("what", "text"),
    [
        (What.EMPTY, ""),
        (What.NULL, None),
        (What.NOT_JSON, f"Here is my answer: {TEXT}"),
        (What.TRUNCATED, WHOLE[: len(WHOLE) // 2]),
        (What.WRONG_SHAPE, f"[{WHOLE}]"),
    ],
)
def test_a_text_is_spoilt_whole_and_streamed(what: What, text: str | None) -> None:
    whole, fine = asked_twice(what)
    assert message(whole)["content"] == text
    assert message(fine)["content"] == WHOLE
    spoilt, streamed = asked_twice(what, stream=True)
    assert said_in(spoilt) == (text or "")
    assert said_in(streamed) == WHOLE


CALL = Reply("", (ToolCall("search", {"words": "cats and dogs"}),))


@pytest.mark.parametrize(
    ("what", "calls"),
    [
        (What.BAD_ARGUMENTS, [("search", '{"colour": "blue"}')]),
        (What.TRUNCATED, [("search", '{"words": "ca')]),
        (What.WRONG_SHAPE, [("search", '[{"words": "cats and dogs"}]')]),
        (What.UNKNOWN_TOOL, [("launch_rocket", '{"to": "the moon"}')]),
    ],
)
def test_a_tool_call_is_spoilt_whole_and_streamed(what: What, calls: list[tuple[str, str]]) -> None:
    whole = message(asked_twice(what, CALL)[0])["tool_calls"]
    assert [(call["function"]["name"], call["function"]["arguments"]) for call in whole] == calls
    response = asked_twice(what, CALL, stream=True)[0]
    assert isinstance(response, Response)
    assert json.dumps(calls[0][1])[1:-1] in response.body.decode()


def test_a_huge_reply_is_huge() -> None:
    for stream in (False, True):
        response = asked_twice(What.HUGE, Reply("a text"), stream=stream)[0]
        assert isinstance(response, Response)
        assert response.received > 10_000_000


def test_who_asks_for_ever_is_answered_no_more() -> None:
    model, fault = faulty(What.UNAVAILABLE, most_calls=3)

    async def scenario() -> ModelServer:
        async with client_of(model, trouble=fault) as (client, server):
            for _ in range(3):
                await client.fetch(post(chat()))
            assert server.model.runaway is None
            for _ in range(2):
                with pytest.raises(TimedOut):
                    await client.fetch(post(chat()), patience=Patience(total=99))
            return server

    assert "3 model calls and no end" in str(virtually(scenario).model.runaway)


def test_somebody_who_knows_the_client_answers_before_the_model() -> None:
    def calls(asked: Asked, request: Request) -> Reply | None:
        if "final_result" not in request.tools:
            return None
        return Reply("", (ToolCall("final_result", {"intent": request.mark}),))

    tools = [{"type": "function", "function": {"name": "final_result", "parameters": {}}}]

    async def scenario() -> None:
        async with client_of(Model(says), calls=calls) as (client, _):
            for stream in (False, True):
                response = await client.fetch(post(chat(tools=tools, stream=stream)))
                assert rb"{\"intent\": \"7\"}" in response.body
                assert b'"finish_reason": "tool_calls"' in response.body
            assert content(await client.fetch(post(chat()))) == TEXT

    virtually(scenario)


def test_words_and_calls_go_out_together() -> None:
    both = Reply("I look.", (ToolCall("search", {"q": "x"}), ToolCall("open", {})))

    async def scenario() -> None:
        async with client_of(Model(lambda request: both)) as (client, _):
            whole = message(await client.fetch(post(chat())))
            assert whole["content"] == "I look."
            names = [call["function"]["name"] for call in whole["tool_calls"]]
            assert names == ["search", "open"]
            asked = {"model": "m", "input": "x", "stream": True}
            response = await client.fetch(post(asked, "/v1/responses"))
        events = [json.loads(e.data) for e in EventReader().feed(0.0, response.body)]
        assert [event["type"].removeprefix("response.") for event in events] == [
            "created",
            "in_progress",
            "output_item.added",
            "content_part.added",
            *["output_text.delta"] * 2,
            "output_text.done",
            "content_part.done",
            "output_item.done",
            *[
                "output_item.added",
                "function_call_arguments.delta",
                "function_call_arguments.done",
                "output_item.done",
            ]
            * 2,
            "completed",
        ]
        assert [event.get("output_index") for event in events][9:17] == [1] * 4 + [2] * 4
        kinds = [item["type"] for item in events[-1]["response"]["output"]]
        assert kinds == ["message", "function_call", "function_call"]

    virtually(scenario)


def test_a_model_that_says_nothing_calls_a_tool_with_plain_words() -> None:
    parameters = {"properties": {"q": {"type": "string"}}, "required": ["q"]}
    tools = [{"type": "function", "function": {"name": "f", "parameters": parameters}}]

    async def scenario() -> None:
        async with client_of(Model(lambda request: Reply())) as (client, _):
            response = await client.fetch(post(chat(tools=tools, tool_choice="required")))
            (call,) = message(response)["tool_calls"]
            assert call["function"]["arguments"] == '{"q": "mock"}'

    virtually(scenario)


def test_embeddings_are_calls_of_the_model_too() -> None:
    model = Model(says, latency=0.25, limit=RateLimit(1))

    async def scenario() -> None:
        async with client_of(model) as (client, _):
            ask = post({"model": "e", "input": ["cats #3", "dogs"]}, "/v1/embeddings")
            response = await client.fetch(ask)
            assert response.first_byte == 0.25
            assert len(json.loads(response.body)["data"]) == 2
            assert (await client.fetch(ask)).status == 429

    virtually(scenario)
    assert [(call.role, call.outcome) for call in model.calls] == [
        ("embedding", "ok"),
        ("embedding", "RateLimited"),
    ]


def test_the_model_says_its_own_to_whoever_asks_it_in_process() -> None:
    async def scenario() -> None:
        model = Model(says)
        async with client_of(model), client_of(model) as (client, _):
            assert await model.call(Request("chat", "", "", "")) == Reply(TEXT)
            assert content(await client.fetch(post(chat(max_tokens=1)))) == TEXT[:4]

    virtually(scenario)


def test_a_real_hosts_paths_are_served_too() -> None:
    async def scenario() -> None:
        async with client_of(Model(says)) as (client, _):
            for path in ("/chat/completions", "/compatible-mode/v1/chat/completions?x=y"):
                assert content(await client.fetch(post(chat(), path))) == TEXT
            assert (await client.fetch(post(chat(), "/v1/completions"))).status == 404

    virtually(scenario)


def test_it_lives_through_the_runs_of_a_lasting_clock() -> None:
    model = Model(says, latency=1.0)

    async def serve() -> None:
        async with ModelServer(model, DIALECT) as server:
            await server.listen(port=8808)
            await asyncio.Event().wait()

    async def ask(client: Client) -> int:
        return (await client.fetch(post(chat()))).status

    with LastingClock() as clock, Network(clock.loop) as network:
        serving = clock.background(serve())
        clock.run(asyncio.sleep(1.0))
        client = Client("127.0.0.1", 8808)
        assert [clock.run(ask(client)) for _ in range(3)] == [200, 200, 200]
        assert (clock.now, client.opened, client.reused) == (4.0, 1, 2)
        client.close()
        serving.end()
        assert network.counts().open_now == 0
    assert [call.ended for call in model.calls] == [2.0, 3.0, 4.0]


def test_two_runs_give_as_many_bytes() -> None:
    async def scenario() -> tuple[bytes, ...]:
        async with client_of(Model(says, streaming=STREAMING)) as (client, _):
            asks = [post(chat()), post(chat(stream=True)), post(chat(stream=True))]
            return tuple([(await client.fetch(ask)).body for ask in asks])

    first, second = virtually(scenario), virtually(scenario)
    assert [len(body) for body in first] == [len(body) for body in second]
    assert len(first[1]) == len(first[2])
