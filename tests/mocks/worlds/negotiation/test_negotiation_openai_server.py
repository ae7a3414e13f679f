"""The mock endpoint, asked over HTTP."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException, IncompleteRead, RemoteDisconnected
from typing import Any
from urllib.parse import urlsplit

import pytest
from openai_http import KEY, Answer, ask, question

from mocks.openai.behaviour import Behaviour, Fault
from mocks.openai.server import MOST_BYTES, serving
from mocks.openai.tools import function_schemas
from mocks.worlds.negotiation.dialect import DIALECT
from mocks.worlds.negotiation.script import Scenario
from mocks.worlds.negotiation.tools import TOOLS

PROMPT = "#d00007 I want to open a repair café. a00001 and a00002 made offers."


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serving(Behaviour(DIALECT)) as server:
        yield server.url


def error_of(answer: Answer) -> str:
    assert answer.headers["Content-Type"] == "application/json"
    return str(answer.json()["error"]["message"])


def message_of(answer: Answer) -> Any:
    assert answer.status == 200, answer.body
    return answer.json()["choices"][0]["message"]


def test_the_models_are_listed(url: str) -> None:
    listed = ask(url, path="/models", method="GET").json()
    assert [model["id"] for model in listed["data"]] == ["unladen-mock"]


@pytest.mark.parametrize(
    ("role", "says"),
    [
        ("formulation", "a00042 wants, in full, #d00007:"),
        ("offer", "a00042 offers help for #d00007:"),
        ("question", "a00042 answers for #d00007:"),
        ("discovery", "a00042 found overlap for #d00007:"),
        ("gap", "a00042 opens #d00007.1:"),
    ],
)
def test_the_role_is_found_in_a_header_a_line_or_the_words(url: str, role: str, says: str) -> None:
    headers = {"X-Unladen-Role": role, "X-Unladen-Agent": "a00042"}
    by_header = ask(url, question("about #d00007"), headers=headers)
    by_line = ask(url, question(f"I am a00042, about #d00007.\nYour role: {role}"))
    by_words = ask(url, question(f"a00042 has to do with a {role} for #d00007"))
    for answer in (by_header, by_line, by_words):
        assert message_of(answer)["content"].startswith(says)


def test_a_prompt_without_any_sign_is_answered(url: str) -> None:
    answer = ask(url, question("Hello!"))
    assert message_of(answer)["content"].startswith("the model offers help for it:")
    usage = answer.json()["usage"]
    assert usage["prompt_tokens"] == 2
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]


def test_messages_may_have_parts_and_several_roles(url: str) -> None:
    body = question("unused")
    body["messages"] = [
        {"role": "developer", "content": "Your role: question"},
        {"role": "assistant", "content": None, "tool_calls": []},
        {"role": "user", "content": [{"type": "text", "text": "ask a00003 about #d00001"}]},
    ]
    assert message_of(ask(url, body))["content"].startswith("a00003 answers for #d00001:")


def test_a_center_plans_with_the_agents_of_its_prompt(url: str) -> None:
    answer = ask(url, question(PROMPT, tools=function_schemas(TOOLS, TOOLS)))
    (call,) = message_of(answer)["tool_calls"]
    assert call["function"]["name"] == "output_plan"
    arguments = json.loads(call["function"]["arguments"])
    assert arguments["agents"] == ["a00001", "a00002"]
    assert "#d00007" in arguments["text"]
    assert answer.json()["choices"][0]["finish_reason"] == "tool_calls"


def test_the_same_negotiation_can_be_held_again() -> None:
    asked = question(PROMPT, tools=function_schemas(TOOLS, TOOLS))
    with serving(Behaviour(DIALECT, scenario=Scenario.ASK_ALL)) as server:
        for _ in range(2):
            asks = message_of(ask(server.url, asked))["tool_calls"]
            assert [call["function"]["name"] for call in asks] == ["ask_agent", "ask_agent"]
            (plans,) = message_of(ask(server.url, asked))["tool_calls"]
            assert plans["function"]["name"] == "output_plan"


def test_a_scenario_that_has_nobody_to_ask_plans() -> None:
    with serving(Behaviour(DIALECT, scenario=Scenario.DISCOVERY)) as server:
        asked = question("#d00001 nobody came", tools=function_schemas(TOOLS, TOOLS))
        (call,) = message_of(ask(server.url, asked))["tool_calls"]
    assert call["function"]["name"] == "output_plan"


def test_a_tool_that_no_script_knows_is_called_where_it_must_be(url: str) -> None:
    city = {
        "type": "object",
        "properties": {
            "city": {"type": "string"},
            "unit": {"enum": ["C", "F"]},
            "days": {"type": ["integer", "null"]},
            "tags": {"type": "array", "items": {"type": "string"}, "minItems": 1},
            "place": {"type": "object", "properties": {"x": {"type": "number"}}, "required": ["x"]},
            "optional": {"type": "string"},
        },
        "required": ["city", "unit", "days", "tags", "place"],
    }
    tools = [{"type": "function", "function": {"name": "weather", "parameters": city}}]
    named = {"type": "function", "function": {"name": "weather"}}
    for choice in ("required", named):
        answer = ask(url, question("Is it cold?", tools=tools, tool_choice=choice))
        (call,) = message_of(answer)["tool_calls"]
        assert json.loads(call["function"]["arguments"]) == {
            "city": "mock", "unit": "C", "days": 1, "tags": ["mock"], "place": {"x": 1.0},
        }  # fmt: skip
    for choice in ("auto", "none"):
        answer = ask(url, question("Is it cold?", tools=tools, tool_choice=choice))
        assert "tool_calls" not in message_of(answer)


def events(answer: Answer) -> list[Any]:
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/event-stream"
    *data, last, empty = answer.body.split(b"\n\n")
    assert (last, empty) == (b"data: [DONE]", b"")
    return [json.loads(line.removeprefix(b"data: ")) for line in data]


def test_a_streamed_reply_is_the_whole_one_in_pieces(url: str) -> None:
    whole = ask(url, question("offer #d00001")).json()
    options = {"include_usage": True}
    *pieces, usage = events(
        ask(url, question("offer #d00001", stream=True, stream_options=options))
    )
    deltas = [piece["choices"][0]["delta"] for piece in pieces]
    text = "".join(delta.get("content", "") for delta in deltas)
    assert text == whole["choices"][0]["message"]["content"]
    assert len(deltas) > 5
    assert deltas[0]["role"] == "assistant"
    assert pieces[-1]["choices"][0]["finish_reason"] == "stop"
    assert (usage["choices"], usage["usage"]) == ([], whole["usage"])
    assert len({piece["id"] for piece in [*pieces, usage]}) == 1


def test_tool_calls_are_streamed_too(url: str) -> None:
    pieces = events(ask(url, question(PROMPT, tools=function_schemas(TOOLS, TOOLS), stream=True)))
    calls = [c for p in pieces for c in p["choices"][0]["delta"].get("tool_calls", [])]
    assert [(c["index"], c["function"]["name"]) for c in calls] == [(0, "output_plan")]


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer ", f"Basic {KEY}"])
def test_no_key_no_answer(url: str, authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    for method, path in (("POST", "/chat/completions"), ("GET", "/models")):
        answer = ask(url, question("x"), path=path, method=method, headers=headers, key=None)
        assert answer.status == 401
        assert "API key" in error_of(answer)


def test_only_the_right_key_opens_a_server_that_has_one() -> None:
    with serving(Behaviour(DIALECT, key=KEY)) as server:
        wrong = ask(server.url, question("x"), key="sk-other")
        assert (wrong.status, wrong.json()["error"]["code"]) == (401, "invalid_api_key")
        assert KEY not in wrong.body.decode()
        assert ask(server.url, question("x")).status == 200


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "no JSON object"),
        ({"model": "m"}, "messages must be"),
        ({"model": "m", "messages": []}, "messages must be"),
        ({"model": "m", "messages": ["hi"]}, "must be an object"),
        ({"model": "m", "messages": [{"content": "hi"}]}, "a message's role"),
        ({"model": "m", "messages": [{"role": "user", "content": 5}]}, "content must be"),
        ({"messages": [{"role": "user", "content": "hi"}]}, "model must be"),
        (question("x", stream="yes"), "stream must be"),
        (question("x", n=2), "n must be 1"),
        (question("x", tools={}), "tools must be a list"),
        (question("x", tools=[{}]), "with a function"),
        (question("x", tools=[{"function": {"name": ""}}]), "a function's name"),
        (question("x", tools=[{"function": {"name": "f", "parameters": 1}}]), "JSON schema"),
        (question("x", tool_choice="required"), "tool_choice must be"),
        (question("x", tool_choice={"function": {"name": "g"}}), "tool_choice must be"),
    ],
)
def test_what_is_no_request_is_refused_with_the_reason(url: str, body: Any, said: str) -> None:
    answer = ask(url, body)
    assert answer.status == 400
    assert said in error_of(answer)


def test_paths_and_methods_that_there_are_not(url: str) -> None:
    assert ask(url, question("x"), path="/completions").status == 404
    assert ask(url, path="/chat/completions", method="GET").status == 405
    assert ask(url, question("x"), path="/models").status == 405
    deleted = ask(url, path="/models", method="DELETE")
    assert deleted.status == 405
    assert error_of(deleted)
    assert ask(url, question("x"), headers={"X-Unladen-Role": "boss"}).status == 400


def test_a_huge_body_is_refused(url: str) -> None:
    answer = ask(url, b" " * (MOST_BYTES + 1))
    assert answer.status == 413
    assert str(MOST_BYTES) in error_of(answer)


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Content-Length": "-1"}, 400), ({"Transfer-Encoding": "chunked"}, 411)],
)
def test_a_body_of_unknown_length_is_refused(
    url: str, headers: dict[str, str], status: int
) -> None:
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port), timeout=60) as connection:
        lines = ["POST /v1/chat/completions HTTP/1.1", "Host: x"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        assert connection.recv(100).split()[1] == str(status).encode()


def test_a_connection_is_kept_for_the_next_request(url: str) -> None:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    headers = {"Authorization": f"Bearer {KEY}"}
    statuses = []
    for body in (json.dumps(question("x")), "{", json.dumps(question("x"))):
        connection.request("POST", "/v1/chat/completions", body, headers)
        response = connection.getresponse()
        response.read()
        statuses.append(response.status)
        assert connection.sock is not None
    connection.close()
    assert statuses == [200, 400, 200]


def test_a_rate_limit_says_how_long_to_wait() -> None:
    with serving(Behaviour(DIALECT, per_minute=2)) as server:
        answers = [ask(server.url, question("x")) for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 60


@pytest.mark.parametrize(
    ("fault", "status"),
    [(Fault.ERROR, 500), (Fault.OVERLOADED, 503), (Fault.MALFORMED, 200), (Fault.EMPTY, 200)],
)
def test_a_fault_strikes_every_nth_time(fault: Fault, status: int) -> None:
    with serving(Behaviour(DIALECT, fault=fault, fault_every=2)) as server:
        fine, struck = (ask(server.url, question("x")) for _ in range(2))
    assert message_of(fine)["content"]
    assert struck.status == status
    if fault is Fault.MALFORMED:
        with pytest.raises(ValueError, match="Expecting value"):
            struck.json()
    if fault is Fault.EMPTY:
        assert message_of(struck)["content"] is None


@pytest.mark.parametrize(
    ("fault", "raises"), [(Fault.DISCONNECT, RemoteDisconnected), (Fault.CUT, IncompleteRead)]
)
def test_a_connection_breaks(fault: Fault, raises: type[HTTPException]) -> None:
    with serving(Behaviour(DIALECT, fault=fault)) as server, pytest.raises(raises):
        ask(server.url, question("x"))


def test_a_stream_is_cut_before_its_end() -> None:
    with (
        serving(Behaviour(DIALECT, fault=Fault.CUT)) as server,
        pytest.raises(IncompleteRead) as raised,
    ):
        ask(server.url, question("x", stream=True))
    assert raised.value.partial.startswith(b"data: {")
    assert b"[DONE]" not in raised.value.partial
