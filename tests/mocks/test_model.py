"""The mock model, on the virtual clock."""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Awaitable, Callable

import pytest

from mocks.clock import run
from mocks.model import (
    ByRole,
    Disconnected,
    LogNormal,
    Model,
    RateLimit,
    RateLimited,
    Reply,
    Request,
    Scripted,
    Streaming,
    ToolCall,
    Uniform,
)


def echo(request: Request) -> Reply:
    return Reply(f"{request.role} {request.agent}")


def ask(agent: str = "a00001", role: str = "offer") -> Request:
    return Request(role, agent, "#d00001", "prompt")


async def ask_all(model: Model, count: int) -> list[Reply | BaseException]:
    calls = (model.call(ask(f"a{n:05}")) for n in range(count))
    return await asyncio.gather(*calls, return_exceptions=True)


def test_a_call_takes_the_latency_and_is_logged() -> None:
    model = Model(echo, latency=1.5)
    assert run(model.call(ask())) == Reply("offer a00001")
    (call,) = model.calls
    assert (call.role, call.agent, call.mark) == ("offer", "a00001", "#d00001")
    assert (call.queued, call.started, call.ended, call.outcome) == (0, 0, 1.5, "ok")


def test_without_slots_all_calls_run_together() -> None:
    model = Model(echo, latency=2)
    run(ask_all(model, 50))
    assert {call.ended for call in model.calls} == {2}


def test_slots_are_given_in_the_order_of_asking() -> None:
    model = Model(echo, latency=1, slots=2)
    run(ask_all(model, 5))
    assert [(call.queued, call.started, call.ended) for call in model.calls] == [
        (0, 0, 1), (0, 0, 1), (0, 1, 2), (0, 1, 2), (0, 2, 3),
    ]  # fmt: skip


def test_a_call_cancelled_in_the_queue_never_starts_and_blocks_nobody() -> None:
    model = Model(echo, latency=10, slots=1)

    async def impatient() -> None:
        first = asyncio.create_task(model.call(ask("a00001")))
        await asyncio.sleep(0)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(model.call(ask("a00002")), 3)
        await model.call(ask("a00003"))
        await first

    run(impatient())
    first, second, third = model.calls
    assert (second.started, second.ended, second.outcome) == (None, 3, "cancelled")
    assert (first.ended, third.started, third.ended) == (10, 10, 20)


def test_requests_above_the_rate_are_refused_with_the_time_to_wait() -> None:
    model = Model(echo, latency=1, limit=RateLimit(2))

    async def three() -> float:
        await model.call(ask())
        await model.call(ask())
        with pytest.raises(RateLimited) as refusal:
            await model.call(ask())
        assert refusal.value.retry_after is not None
        await asyncio.sleep(refusal.value.retry_after)
        await model.call(ask())
        return refusal.value.retry_after

    assert run(three()) == 58
    assert [call.outcome for call in model.calls] == ["ok", "ok", "RateLimited", "ok"]
    assert model.calls[-1].queued == 60


def test_a_provider_may_hide_when_to_come_back() -> None:
    model = Model(echo, limit=RateLimit(1, tell=False))
    first, second = run(ask_all(model, 2))
    assert isinstance(first, Reply)
    assert isinstance(second, RateLimited)
    assert second.retry_after is None
    assert str(second) == "429 too many requests"


def test_a_drawn_latency_depends_on_the_call_and_not_on_the_order() -> None:
    agents = [f"a{n:05}" for n in range(20)]
    forward, backward = Uniform(1, 2, seed=3), Uniform(1, 2, seed=3)
    drawn = {agent: forward.seconds(ask(agent)) for agent in agents}
    again = {agent: backward.seconds(ask(agent)) for agent in reversed(agents)}
    assert drawn == again
    assert len(set(drawn.values())) == 20
    assert forward.seconds(ask(agents[0])) != drawn[agents[0]]
    assert all(1 <= seconds <= 2 for seconds in drawn.values())


def test_log_normal_latencies_have_the_stated_median_and_spread() -> None:
    latency = LogNormal(2.0, 0.5, seed=1)
    drawn = sorted(latency.seconds(ask(f"a{n:05}")) for n in range(4_000))
    assert statistics.median(drawn) == pytest.approx(2.0, rel=0.05)
    assert drawn[int(0.95 * len(drawn))] == pytest.approx(2.0 * 2.28, rel=0.1)


@pytest.mark.parametrize(
    "build",
    [
        lambda: Model(echo, latency=-1),
        lambda: Model(echo, latency=float("nan")),
        lambda: Model(echo, slots=0),
        lambda: RateLimit(0),
        lambda: LogNormal(0, 1),
        lambda: Uniform(2, 1),
    ],
)
def test_senseless_settings_are_refused(build: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"latency|slot|rate limit"):
        build()


def test_a_stream_gives_words_at_the_stated_pace() -> None:
    model = Model(lambda _: Reply("one two three"), streaming=Streaming(0.5, 0.25))

    async def read() -> list[tuple[float, str]]:
        clock = asyncio.get_running_loop().time
        return [(clock(), word) async for word in model.stream(ask())]

    assert run(read()) == [(0.5, "one"), (0.75, " two"), (1.0, " three")]
    (call,) = model.calls
    assert (call.started, call.first_token, call.ended, call.outcome) == (0, 0.5, 1.0, "ok")


def test_a_stream_left_early_is_cancelled_and_gives_its_slot_back() -> None:
    model = Model(lambda _: Reply("one two three"), slots=1, latency=1)

    async def leave() -> None:
        stream = model.stream(ask())
        assert await anext(stream) == "one"
        await stream.aclose()  # type: ignore[attr-defined]
        await model.call(ask())

    run(leave())
    assert [call.outcome for call in model.calls] == ["cancelled", "ok"]


class _Once:
    """Breaks the second call's connection after half a second."""

    def __init__(self) -> None:
        self.calls = 0

    def strike(self, request: Request) -> _Once | None:
        self.calls += 1
        return self if self.calls == 2 else None

    async def apply(self, answer: Callable[[], Awaitable[Reply]]) -> Reply:
        await asyncio.sleep(0.5)
        raise Disconnected(f"instead of {(await answer()).text}")


def test_a_fault_takes_the_place_of_the_answer() -> None:
    model = Model(echo, latency=1, faults=_Once())
    first, second, third = run(ask_all(model, 3))
    assert isinstance(first, Reply)
    assert isinstance(third, Reply)
    assert str(second) == "instead of offer a00001"
    assert [call.outcome for call in model.calls] == ["ok", "Disconnected", "ok"]
    assert model.calls[1].ended == 1.5


def test_replies_by_role_and_by_script() -> None:
    tool = Reply(tools=(ToolCall("look", {"at": "sky"}),))
    by_role = ByRole({"offer": echo, "center": lambda _: tool})
    assert by_role(ask(role="center")) == tool
    with pytest.raises(LookupError, match="no reply for role 'poet'"):
        by_role(ask(role="poet"))
    script = Scripted([Reply("first"), tool])
    assert [script(ask()), script(ask())] == [Reply("first"), tool]
    with pytest.raises(LookupError, match="ended after 2 replies"):
        script(ask())
