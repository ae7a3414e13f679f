"""The live model against a mock endpoint, over HTTP, in real time."""

from __future__ import annotations

import asyncio
import json
import threading
import traceback
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest
from openai_http import KEY, canned

from mocks.model import Disconnected, ModelError, RateLimited, Reply, Request, ToolCall
from mocks.openai.behaviour import Behaviour, Fault
from mocks.openai.client import LiveModel
from mocks.openai.completions import Usage
from mocks.openai.endpoint import Endpoint
from mocks.openai.errors import EndpointError, seconds_to_wait
from mocks.openai.server import serving
from mocks.worlds.negotiation.dialect import DIALECT
from mocks.worlds.negotiation.script import Scenario
from mocks.worlds.negotiation.tools import TOOLS

T = TypeVar("T")

OFFER = Request("offer", "a00001", "#d00007", "#d00007 I want to start a chess club.")
CENTER = Request("center", "", "#d00007", "#d00007 offers of a00001 and a00002", ("other", *TOOLS))


def endpoint(url: str, **more: str) -> Endpoint:
    settings = {"URL": url, "KEY": KEY, "MODEL": "m", **more}
    return Endpoint.from_environment({f"UNLADEN_LIVE_{k}": v for k, v in settings.items()})


def run(model: LiveModel, use: Callable[[LiveModel], Awaitable[T]]) -> T:
    """``use(model)`` on a real loop."""

    async def using() -> T:
        return await use(model)

    try:
        with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
            return runner.run(using())
    finally:
        model.close()


def call(url: str, request: Request, **more: str) -> Reply:
    """The reply to one request."""
    return run(LiveModel(endpoint(url, **more), DIALECT), lambda model: model.call(request))


def failure(url: str, request: Request = OFFER, **more: str) -> ModelError:
    """The error that one call raises. Its traceback never shows the key."""
    with pytest.raises(ModelError) as caught:
        call(url, request, **more)
    assert KEY not in "".join(traceback.format_exception(caught.value))
    return caught.value


def http(body: object, status: str = "200 OK", headers: str = "") -> bytes:
    """A whole HTTP answer."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    length = f"Content-Length: {len(content)}\r\n"
    return f"HTTP/1.1 {status}\r\n{headers}{length}\r\n".encode() + content


def answer(message: object, **more: object) -> dict[str, Any]:
    """A completion with one message."""
    return {"choices": [{"message": message, "finish_reason": "stop"}], **more}


@pytest.mark.parametrize(
    ("role", "says"),
    [
        ("formulation", "the model wants, in full, #d00007:"),
        ("offer", "a00001 offers help for #d00007:"),
        ("question", "a00001 answers for #d00007:"),
        ("discovery", "the model found overlap for #d00007:"),
        ("gap", "the model opens #d00007.1:"),
    ],
)
def test_a_text_is_answered_in_its_role_and_logged(role: str, says: str) -> None:
    with serving(Behaviour(DIALECT)) as server:
        model = LiveModel(endpoint(server.url), DIALECT)
        reply = run(model, lambda m: m.call(OFFER._replace(role=role)))
    assert reply.text.startswith(says)
    assert reply.tools == ()
    (logged,) = model.calls
    assert (logged.role, logged.agent, logged.mark) == (role, "a00001", "#d00007")
    assert logged.outcome == "ok"
    assert logged.started is not None
    assert logged.ended is not None
    (usage,) = model.used
    assert usage is not None
    assert usage.tokens_in > 10
    assert usage.tokens_out > 10


@pytest.mark.parametrize(
    ("scenario", "tools"),
    [
        (Scenario.PLAN, ["output_plan"]),
        (Scenario.ASK_ALL, ["ask_agent", "ask_agent"]),
        (Scenario.DISCOVERY, ["start_discovery"]),
        (Scenario.SUB_DEMAND, ["create_sub_demand"]),
    ],
)
def test_tools_are_called_as_the_script_says(scenario: Scenario, tools: list[str]) -> None:
    with serving(Behaviour(DIALECT, scenario=scenario)) as server:
        reply = call(server.url, CENTER)
    assert [tool.name for tool in reply.tools] == tools
    if scenario is Scenario.PLAN:
        assert reply.tools[0].arguments["agents"] == ["a00001", "a00002"]


def test_a_request_says_what_the_model_needs_and_no_more() -> None:
    with canned(http(answer({"content": "I do."}))) as (url, seen):
        call(url, OFFER)
    head, _, body = seen[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /v1/chat/completions HTTP/1.1\r\n")
    assert f"Authorization: Bearer {KEY}".encode() in head
    sent = json.loads(body)
    assert set(sent) == {"model", "messages"}
    system, user = sent["messages"]
    assert "You are the agent a00001" in system["content"]
    assert "#d00007" in system["content"]
    assert user == {"role": "user", "content": OFFER.prompt}


def test_only_tools_that_are_known_and_allowed_are_offered() -> None:
    plan = {"function": {"name": "output_plan", "arguments": '{"text": "t", "agents": []}'}}
    reply = http(answer({"content": None, "tool_calls": [plan]}))
    offers = []
    with canned(reply, reply) as (url, seen):
        for offered in (frozenset(TOOLS), frozenset({"output_plan"})):
            model = LiveModel(endpoint(url), DIALECT, offered=offered)
            planned = run(model, lambda m: m.call(CENTER))
            assert planned.tools == (ToolCall("output_plan", {"text": "t", "agents": []}),)
            sent = json.loads(seen[-1].partition(b"\r\n\r\n")[2])
            names = [tool["function"]["name"] for tool in sent["tools"]]
            offers.append((names, sent["tool_choice"]))
    only = {"type": "function", "function": {"name": "output_plan"}}
    assert offers == [(list(TOOLS), "required"), (["output_plan"], only)]


def test_a_plan_that_is_written_as_text_is_a_plan() -> None:
    text = "First a00002, then a00001, then a00002 again."
    with canned(http(answer({"content": text}))) as (url, _):
        model = LiveModel(endpoint(url), DIALECT)
        reply = run(model, lambda m: m.call(CENTER))
    plan = {"text": text, "agents": ["a00002", "a00001"]}
    assert reply == Reply("", (ToolCall("output_plan", plan),))
    assert model.calls_in_text == 1
    assert model.used == [None]


def test_a_stream_comes_in_pieces() -> None:
    async def listen(model: LiveModel) -> list[str]:
        return [piece async for piece in model.stream(OFFER)]

    with serving(Behaviour(DIALECT, token_latency=0.001)) as server:
        model = LiveModel(endpoint(server.url), DIALECT)
        pieces = run(model, listen)
        whole = call(server.url, OFFER)
    assert len(pieces) > 5
    assert "".join(pieces).strip() == whole.text
    assert model.calls[0].outcome == "ok"
    assert model.calls[0].first_token is not None
    assert isinstance(model.used[0], Usage)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.CUT, Disconnected),
        (Fault.EMPTY, EndpointError),
        (Fault.MALFORMED, Disconnected),
        (Fault.ERROR, EndpointError),
    ],
)
def test_a_stream_that_fails_says_so(fault: Fault, error: type[ModelError]) -> None:
    async def listen(model: LiveModel) -> list[str]:
        return [piece async for piece in model.stream(OFFER)]

    with serving(Behaviour(DIALECT, fault=fault)) as server:
        model = LiveModel(endpoint(server.url), DIALECT)
        with pytest.raises(error):
            run(model, listen)
    assert model.calls[0].outcome == error.__name__


def test_a_consumer_may_leave_a_stream() -> None:
    async def listen(model: LiveModel) -> None:
        pieces = model.stream(OFFER)
        async for _ in pieces:
            break
        await pieces.aclose()  # type: ignore[attr-defined]

    with serving(Behaviour(DIALECT, token_latency=3600)) as server:
        model = LiveModel(endpoint(server.url), DIALECT)
        run(model, listen)
    assert model.calls[0].outcome == "cancelled"


@pytest.mark.parametrize(
    ("fault", "error", "status"),
    [
        (Fault.ERROR, EndpointError, 500),
        (Fault.OVERLOADED, EndpointError, 503),
        (Fault.DISCONNECT, Disconnected, 502),
        (Fault.CUT, Disconnected, 502),
        (Fault.MALFORMED, EndpointError, 502),
        (Fault.EMPTY, EndpointError, 502),
    ],
)
def test_what_goes_wrong_is_a_model_error(
    fault: Fault, error: type[ModelError], status: int
) -> None:
    with serving(Behaviour(DIALECT, fault=fault)) as server:
        raised = failure(server.url)
    assert type(raised) is error
    assert raised.status == status


def test_a_wrong_key_is_refused() -> None:
    with serving(Behaviour(DIALECT, key="sk-other")) as server:
        raised = failure(server.url)
    assert raised.status == 401
    assert "Incorrect API key" in str(raised)


def test_too_many_requests() -> None:
    with serving(Behaviour(DIALECT, per_minute=1)) as server:
        call(server.url, OFFER)
        raised = failure(server.url)
    assert isinstance(raised, RateLimited)
    assert raised.retry_after is not None
    assert 1 <= raised.retry_after <= 60


def test_a_call_that_takes_too_long_is_given_up() -> None:
    with serving(Behaviour(DIALECT, fault=Fault.HANG)) as server:
        raised = failure(server.url, TIMEOUT="0.2")
    assert raised.status == 504
    assert "within 0.2 s" in str(raised)


def test_nobody_listens() -> None:
    with serving(Behaviour(DIALECT)) as server:
        url = server.url
    assert isinstance(failure(url), Disconnected)


def test_a_cancelled_call_hangs_up() -> None:
    async def cancel(model: LiveModel) -> None:
        task = asyncio.create_task(model.call(OFFER))
        while not any(thread.name.startswith("live-model") for thread in threading.enumerate()):
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    with serving(Behaviour(DIALECT, fault=Fault.HANG)) as server:
        model = LiveModel(endpoint(server.url, TIMEOUT="600"), DIALECT)
        run(model, cancel)
        # A thread that still read from the socket would be there for ten minutes.
        for thread in threading.enumerate():
            if thread.name.startswith("live-model"):
                thread.join(60)
                assert not thread.is_alive()
    assert model.calls[0].outcome == "cancelled"


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
def test_no_redirect_is_followed(status: str) -> None:
    with canned(http(answer({"content": "stolen"}))) as (other, seen):
        location = f"Location: {other}/chat/completions?key={KEY}\r\n"
        with canned(http(b"", status, location)) as (url, _):
            raised = failure(url)
        assert seen == []
        assert "UNLADEN_LIVE_URL" in str(raised)
        # Let the other server's thread end.
        call(other, OFFER)


def test_a_refusal_that_repeats_the_key_is_cleaned() -> None:
    escaped = "".join(f"\\u{ord(c):04x}" for c in KEY).encode()
    bodies = [
        json.dumps({"error": {"message": f"no such key {KEY}"}}).encode(),
        b'{"error": {"message": "no such key ' + escaped + b'"}}',
        f"<h1>no such key {KEY}\n</h1>".encode(),
        json.dumps({"error": f"no such key {KEY}"}).encode(),
    ]
    with canned(*(http(body, "403 Forbidden") for body in bodies)) as (url, _):
        for _ in bodies:
            raised = failure(url)
            assert raised.status == 403
            assert "no such key [key]" in str(raised)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"nonsense", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        ([], "no JSON object"),
        ({"error": {"message": "sorry"}}, "error with status 200"),
        ({"choices": []}, "no choices"),
        ({"choices": ["x"]}, "no choices"),
        ({"choices": [{}]}, "no message"),
        (answer({"content": 5}), "no text"),
        (answer({"content": None}), "says nothing"),
        (answer({"tool_calls": "x"}), "no list"),
        (answer({"tool_calls": [5]}), "no function"),
        (answer({"tool_calls": [{"function": {"name": "f"}}]}), "no name or no arguments"),
        (answer({"tool_calls": [{"function": {"name": "f", "arguments": "{}"}}]}), "unknown tool"),
    ],
)
def test_an_answer_that_is_no_completion_is_a_failure(content: object, said: str) -> None:
    with canned(http(content)) as (url, _):
        raised = failure(url, CENTER)
    assert raised.status == 502
    assert said in str(raised)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("{", "not JSON"),
        ("[]", "no JSON object"),
        ("{}", "'text'"),
        ('{"text": 1, "agents": []}', "'text'"),
        ('{"text": "t", "agents": "a00001"}', "'agents'"),
        ('{"text": "t", "agents": [1]}', "'agents'"),
    ],
)
def test_a_tool_call_with_bad_arguments_is_a_failure(arguments: str, said: str) -> None:
    tool = {"function": {"name": "output_plan", "arguments": arguments}}
    with canned(http(answer({"tool_calls": [tool]}))) as (url, _):
        assert said in str(failure(url, CENTER))


def test_a_tool_that_was_not_offered_cannot_be_called() -> None:
    plan = {"function": {"name": "output_plan", "arguments": '{"text": "t", "agents": []}'}}
    with canned(http(answer({"tool_calls": [plan]}))) as (url, _):
        assert "was not offered" in str(failure(url, OFFER))


@pytest.mark.parametrize("usage", [None, {}, {"prompt_tokens": "3", "completion_tokens": 1}])
def test_an_answer_may_come_without_usage(usage: object) -> None:
    with canned(http(answer({"content": "yes"}, usage=usage))) as (url, _):
        model = LiveModel(endpoint(url), DIALECT)
        run(model, lambda m: m.call(OFFER))
    assert model.used == [None]


def test_an_answer_that_nothing_can_be_read_from_was_charged_too() -> None:
    with canned(http(b"nonsense")) as (url, _):
        model = LiveModel(endpoint(url), DIALECT)
        with pytest.raises(EndpointError):
            run(model, lambda m: m.call(OFFER))
    assert model.used == [None]


def test_a_model_refuses_to_be_called_for_ever() -> None:
    async def insist(model: LiveModel) -> None:
        for _ in range(2):
            await model.call(OFFER)
        with pytest.raises(EndpointError, match="too many calls"):
            await model.call(OFFER)

    with serving(Behaviour(DIALECT)) as server:
        model = LiveModel(endpoint(server.url), DIALECT, most_calls=2)
        run(model, insist)
    assert len(model.used) == 2


def test_slots_limit_the_calls_in_flight() -> None:
    async def crowd(model: LiveModel) -> list[Reply]:
        return await asyncio.gather(*(model.call(OFFER) for _ in range(6)))

    with serving(Behaviour(DIALECT, latency=0.02)) as server:
        model = LiveModel(endpoint(server.url), DIALECT, slots=2)
        assert len(run(model, crowd)) == 6
    assert model.slots == 2
    times = [(c.started, 1) for c in model.calls] + [(c.ended, -1) for c in model.calls]
    level = peak = 0
    for _, step in sorted((at, step) for at, step in times if at is not None):
        level += step
        peak = max(peak, level)
    assert peak == 2


NOON = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("3", 3.0),
        ("0.5", 0.5),
        ("-1", 0.0),
        ("Thu, 01 Jan 2026 12:00:30 GMT", 30.0),
        ("Thu, 01 Jan 2026 11:00:00 GMT", 0.0),
        ("", None),
        ("soon", None),
        ("nan", None),
        ("inf", None),
    ],
)
def test_retry_after(header: str, seconds: float | None) -> None:
    assert seconds_to_wait(header, NOON) == seconds
