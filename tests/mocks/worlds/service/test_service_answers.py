"""What is right and wrong about a service's reply."""

from __future__ import annotations

import json

import pytest

from mocks.model import Request
from mocks.worlds.service.endpoints import (
    Answer,
    Ask,
    Endpoint,
    Kind,
    Piece,
    judge,
    openai_body,
    row_of,
)
from mocks.worlds.service.marks import mark
from mocks.worlds.service.rows import Error
from mocks.worlds.service.script import ROLE, Script, known_in, mark_in, reply_text
from mocks.worlds.service.traffic import ask_of
from mocks.worlds.service.users import User

CHAT = Endpoint(kind=Kind.CHAT, path="/chat", body=openai_body)
STREAM = Endpoint(kind=Kind.STREAM, path="/chat")
BLOCKED = Endpoint(kind=Kind.BLOCKED, path="/chat", status=403)
HEALTH = Endpoint(kind=Kind.HEALTH, path="/health", method="GET")

ASK = ask_of(User(1), 2)
OTHERS = mark(2, 1)


def completion(text: str) -> bytes:
    return json.dumps({"choices": [{"message": {"content": text}}]}).encode()


def whole(body: bytes, status: int = 200) -> Answer:
    return Answer(status, {}, [Piece(2.0, body)], answered=2.0)


def chunk(text: str) -> bytes:
    return b"data: " + json.dumps({"choices": [{"delta": {"content": text}}]}).encode() + b"\n\n"


def stream(*pieces: bytes) -> Answer:
    headers = {"content-type": "text/event-stream; charset=utf-8"}
    return Answer(200, headers, [Piece(2.0 + n, data) for n, data in enumerate(pieces)], 1.5)


def test_a_reply_with_the_marks_of_its_ask_is_right() -> None:
    assert judge(CHAT, ASK, whole(completion(f"{ASK.mark}\nhere"))).error is Error.NONE
    assert judge(STREAM, ASK, stream(chunk(ASK.mark), chunk(" here"))).error is Error.NONE
    assert judge(HEALTH, ASK, whole(b"ok")).error is Error.NONE
    assert judge(BLOCKED, ASK, whole(b"no", 403)).error is Error.NONE


@pytest.mark.parametrize(
    ("endpoint", "answer", "error", "reason"),
    [
        (CHAT, whole(completion("hello")), Error.WRONG, "does not carry"),
        (CHAT, whole(completion("")), Error.WRONG, "without text"),
        (CHAT, whole(b"hello"), Error.WRONG, "no chat completion"),
        (CHAT, whole(b"busy\nnow", 503), Error.SERVER, "status 503: busy now"),
        (CHAT, whole(b"", 429), Error.QUOTA, "status 429"),
        (CHAT, whole(b"", 401), Error.AUTHENTICATION, "status 401"),
        (CHAT, whole(b"", 404), Error.WRONG, "status 404"),
        (CHAT, whole(b"", 201), Error.WRONG, "status 201"),
        (CHAT, whole(b"", 408), Error.TIME_OUT, "status 408"),
        (CHAT, Answer(broken="refused"), Error.NETWORK, "refused"),
        (CHAT, Answer(timed_out=True), Error.TIME_OUT, "gave up"),
        (BLOCKED, whole(b"", 200), Error.WRONG, "status 200"),
        (STREAM, whole(completion("x")), Error.WRONG, "no stream"),
        (STREAM, stream(b": heartbeat\n\n"), Error.WRONG, "without data"),
        (STREAM, stream(b"data: [DONE]\n\n"), Error.WRONG, "without text"),
        (STREAM, stream(chunk("hello")), Error.WRONG, "does not carry"),
    ],
)
def test_what_is_wrong_has_a_class_and_a_reason(
    endpoint: Endpoint, answer: Answer, error: Error, reason: str
) -> None:
    verdict = judge(endpoint, ASK, answer)
    assert (verdict.error, verdict.foreign) == (error, False)
    assert reason in verdict.reason


def test_another_users_mark_is_found_also_where_a_stream_splits_it() -> None:
    for endpoint, answer in (
        (CHAT, whole(completion(f"{ASK.mark} {OTHERS}"))),
        (BLOCKED, whole(OTHERS.encode(), 403)),
        (STREAM, stream(chunk(f"{ASK.mark} {OTHERS[:7]}"), chunk(OTHERS[7:]))),
    ):
        verdict = judge(endpoint, ASK, answer)
        assert verdict.foreign
        assert OTHERS in verdict.reason


def test_a_row_has_the_times_of_its_reply() -> None:
    answer = stream(b": hello\n\n", b"data: {}\n", b"\n" + chunk(ASK.mark), chunk(" a"))
    broken = STREAM.token
    row = row_of(STREAM, ASK, answer, due=0.5, started=1.0, ended=7.0)
    assert row.first_byte == 2.0
    assert row.first_token == 4.0
    assert row.time_to_first_token == 3.5
    assert row.latency == 6.5
    assert row.events == 3
    assert row.longest_gap == 2.0
    assert row.error is Error.WRONG  # {} is no chunk
    assert broken("[DONE]") == ""


def test_the_model_says_the_last_mark_and_how_many_of_the_users_it_knows() -> None:
    prompt = "\n".join([ask_of(User(1), 1).text, reply_text(mark(1, 1), 1), ASK.text])
    assert mark_in(prompt) == ASK.mark
    said = Script()(Request(ROLE, "", mark_in(prompt), prompt)).text
    assert said.startswith(ASK.mark)
    assert known_in(said) == 2
    assert known_in("nothing") is None
    assert 90 < len(said) <= 120


def test_a_conversation_is_sent_as_a_chat_completion_has_it() -> None:
    ask = Ask(User(1), 2, "list", "b", "m", turn=2, earlier=(("a", "A"),))
    assert [m["content"] for m in openai_body(ask)["messages"]] == ["a", "A", "b"]
    assert json.loads(CHAT.content(ask) or b"")["stream"] is False
    assert HEALTH.content(ask) is None
