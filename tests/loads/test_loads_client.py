"""A user's client, on a real service of this machine."""

from __future__ import annotations

import socket
import time
from urllib.parse import urlsplit

import pytest
from made_service import Behaviour, served

from loads.client import UserClient
from loads.spec import OPENAI
from mocks.worlds.service.endpoints import Answer, judge, row_of
from mocks.worlds.service.rows import Error
from mocks.worlds.service.traffic import ask_of
from mocks.worlds.service.users import User

CHAT, STREAM = OPENAI
ASK = ask_of(User(1), 1)
PATIENCE = 60.0


def client(url: str, **headers: str) -> UserClient:
    return UserClient(urlsplit(url), headers)


def error(answer: Answer) -> Error:
    return judge(CHAT, ASK, answer).error


def test_a_whole_reply_and_a_kept_connection() -> None:
    told = Behaviour()
    with served(told) as url:
        user = client(url, Authorization="Bearer mine")
        answers = [user.ask(CHAT, ASK, PATIENCE) for _ in range(3)]
        user.close()
    assert [CHAT.words(one) for one in answers] == ["well then"] * 3
    assert [error(one) for one in answers] == [Error.NONE] * 3
    assert told.connections == 1
    assert told.headers["Authorization"] == "Bearer mine"
    assert told.asked[0]["messages"][0]["content"] == ASK.text


def test_the_pieces_of_a_stream_come_one_by_one() -> None:
    # A machine that stands still meanwhile brings them together: it is given more and more time.
    for pause in (0.05, 0.2, 0.8, 3.2):
        told = Behaviour(word_s=pause)
        with served(told) as url:
            begin = time.monotonic()
            answer = client(url).ask(STREAM, ASK, PATIENCE)
            ended = time.monotonic()
        row = row_of(STREAM, ASK, answer, due=begin, started=begin, ended=ended).since(begin)
        assert (row.error, row.events) == (Error.NONE, 4)
        assert row.first_token is not None
        assert row.first_token >= pause
        if row.ended - row.first_token >= pause <= row.longest_gap:
            return
    pytest.fail("the pieces came together")


@pytest.mark.parametrize("status", [401, 429, 500, 503])
def test_a_refusal_is_no_success(status: int) -> None:
    with served(Behaviour(refuse={1: status})) as url:
        answer = client(url).ask(CHAT, ASK, PATIENCE)
    assert answer.status == status
    expected = {401: Error.AUTHENTICATION, 429: Error.QUOTA}.get(status, Error.SERVER)
    assert error(answer) is expected


@pytest.mark.parametrize("endpoint", OPENAI)
def test_a_reply_that_breaks_off(endpoint: object) -> None:
    with served(Behaviour(cut=(1,))) as url:
        user = client(url)
        assert user.ask(CHAT if endpoint is CHAT else STREAM, ASK, PATIENCE).broken
        assert user.ask(CHAT, ASK, PATIENCE).broken == ""


def test_a_user_gives_up() -> None:
    with served(Behaviour(stall_s={1: PATIENCE})) as url:
        answer = client(url).ask(CHAT, ASK, 0.2)
    assert answer.timed_out
    assert error(answer) is Error.TIME_OUT


def test_a_connection_that_the_server_closed_is_opened_again() -> None:
    told = Behaviour(idle_s=0.05)
    with served(told) as url:
        user = client(url)
        assert user.ask(CHAT, ASK, PATIENCE).broken == ""
        time.sleep(0.5)
        assert user.ask(CHAT, ASK, PATIENCE).broken == ""
    assert told.connections == 2


def test_where_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    answer = client(f"http://127.0.0.1:{port}").ask(CHAT, ASK, PATIENCE)
    assert answer.status is None
    assert error(answer) is Error.NETWORK
