"""What a token is, and what of a model's calls is kept and has to be paid."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from mocks.clock import VirtualClock
from mocks.faults.paid import Spoiling, SpoiltFirst
from mocks.model import Model, ModelError, RateLimit, Reply, Request, ToolCall
from mocks.model.tokens import tokens
from mocks.model.transcript import Exchange, Transcript
from mocks.openai.said import tokens as told_to_clients


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("a", 1), ("abcd", 1), ("abcde", 2), ("中文字符", 3), ("слово", 3), ("\ud800", 1)],
)
def test_a_token_is_four_bytes(text: str, count: int) -> None:
    assert tokens(text) == count


@pytest.mark.parametrize("length", range(9))
def test_of_ascii_clients_are_told_the_same(length: int) -> None:
    assert tokens("x" * length) == told_to_clients("x" * length)


def _asked(prompt: str = "a prompt") -> Request:
    return Request("teller", "", "", prompt)


def _replies(request: Request) -> Reply:
    return Reply("one two three", (ToolCall("plan", {"by": "é"}),))


def _kept(model: Model, client: Coroutine[Any, Any, None]) -> list[Exchange]:
    transcript = Transcript(model)
    with VirtualClock() as clock:
        clock.run(client)
    return transcript.exchanges


def test_an_answered_call_is_kept_with_its_text_and_its_tool_calls() -> None:
    model = Model(_replies)

    async def client() -> None:
        assert await model.call(_asked()) == _replies(_asked())

    (kept,) = _kept(model, client())
    assert kept == Exchange(_asked(), 'one two threeplan{"by": "é"}', "ok")
    assert (kept.is_paid, kept.prompt_tokens, kept.reply_tokens) == (True, 2, 8)
    assert [call.outcome for call in model.calls] == ["ok"]


def test_what_the_client_gives_up_is_paid_for_without_an_answer() -> None:
    model = Model(_replies, latency=5.0)

    async def client() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1.5):
                await model.call(_asked())

    (kept,) = _kept(model, client())
    assert (kept.outcome, kept.is_paid, kept.answer) == ("cancelled", True, "")


def test_what_is_given_up_in_the_queue_never_reached_the_provider() -> None:
    model = Model(_replies, latency=5.0, slots=1)

    async def client() -> None:
        first = asyncio.create_task(model.call(_asked("first")))
        second = asyncio.create_task(model.call(_asked("second")))
        await asyncio.sleep(1.5)
        second.cancel()
        await asyncio.wait([first, second])

    assert [one.request.prompt for one in _kept(model, client())] == ["first"]


def test_refusals_are_free() -> None:
    model = Model(_replies, limit=RateLimit(1), faults=SpoiltFirst(Spoiling.REFUSED))

    async def client() -> None:
        for _ in range(2):
            with pytest.raises(ModelError):
                await model.call(_asked())

    (failed,) = _kept(model, client())  # the other one was refused before it had its turn
    assert (failed.outcome, failed.is_paid) == ("Unserved", False)


def test_of_a_stream_that_is_left_the_words_until_then_are_paid_for() -> None:
    model = Model(_replies)

    async def client() -> None:
        whole = [word async for word in model.stream(_asked())]
        assert whole == ["one", " two", " three"]
        stream = model.stream(_asked())
        assert await anext(stream) == "one"
        await stream.aclose()  # type: ignore[attr-defined]

    kept = _kept(model, client())
    assert [(one.answer, one.outcome) for one in kept] == [
        ("one two three", "ok"),
        ("one", "cancelled"),
    ]


def test_a_stream_that_nobody_reads_is_no_call() -> None:
    model = Model(_replies)

    async def client() -> None:
        await model.stream(_asked()).aclose()  # type: ignore[attr-defined]

    assert _kept(model, client()) == []


@pytest.mark.parametrize(
    ("spoiling", "answer", "seconds"),
    [(Spoiling.NOTHING, "one", 1.0), (Spoiling.EMPTY, "", 1.0), (Spoiling.LATE, "one", 122.0)],
)
def test_the_first_call_is_spoilt_and_no_other(
    spoiling: Spoiling, answer: str, seconds: float
) -> None:
    model = Model(lambda request: Reply("one"), faults=SpoiltFirst(spoiling))
    ends: list[tuple[str, float]] = []

    async def client() -> None:
        for _ in range(2):
            begun = asyncio.get_running_loop().time()
            reply = await model.call(_asked())
            ends.append((reply.text, asyncio.get_running_loop().time() - begun))

    with VirtualClock() as clock:
        clock.run(client())
    assert ends == [(answer, seconds), ("one", 1.0)]
