"""How parley's service is asked, and what its replies are read as."""

import json
import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mocks.model import Model
from mocks.worlds.service.endpoints import Answer, Kind, Piece, judge
from mocks.worlds.service.script import Script
from mocks.worlds.service.traffic import ask_of
from mocks.worlds.service.users import User
from mocks.worlds.service.world import MODEL_URL, ServiceWorld
from targets.parley import serve
from targets.parley.service import SERVICE
from targets.protocol import Unavailable
from targets.protocols.service import Start

ASK = ask_of(User(1), 1)


def _world(folder: Path) -> ServiceWorld:
    return ServiceWorld(model=Model(Script()), users=[], model_url=MODEL_URL, folder=folder)


def _reason(kind: Kind, status: int, body: str, content_type: str = "application/json") -> str:
    endpoint = SERVICE.endpoint(kind)
    assert endpoint is not None
    pieces = [Piece(0.0, body.encode())]
    return judge(endpoint, ASK, Answer(status, {"content-type": content_type}, pieces)).reason


def test_a_reply_is_right_with_its_mark() -> None:
    assert not _reason(Kind.CHAT, 200, json.dumps({"text": f"{ASK.mark} it is"}))


def test_a_reply_without_its_mark_is_wrong() -> None:
    assert _reason(Kind.CHAT, 200, '{"text": "it is"}') == f"it does not carry {ASK.mark}"


def test_a_reply_that_is_no_json_is_wrong() -> None:
    assert "no reply of parley's" in _reason(Kind.CHAT, 200, "<html>")


def test_a_stream_is_right_when_its_events_carry_the_mark_together() -> None:
    first, second = ASK.mark[:7], ASK.mark[7:]
    events = [f"data: {json.dumps({'text': part})}\n\n" for part in (first, second)]
    said = "".join([*events, "event: end\ndata: {}\n\n"])
    assert not _reason(Kind.STREAM, 200, said, "text/event-stream")


def test_what_is_too_long_is_to_be_refused() -> None:
    blocked = SERVICE.endpoint(Kind.BLOCKED)
    assert blocked is not None
    content = blocked.content(ASK)
    assert content is not None
    assert len(json.loads(content)["text"]) > 20_000
    assert not _reason(Kind.BLOCKED, 413, '{"error": "too long"}')
    assert _reason(Kind.BLOCKED, 200, '{"text": "it is"}').startswith("status 200")


def test_a_commit_without_service_is_not_applicable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "parley").mkdir()
    (tmp_path / "parley" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    for name in [name for name in sys.modules if name.partition(".")[0] == "parley"]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(Unavailable, match="parley has no service at this commit"):
        SERVICE.prepare(_world(tmp_path))
    with pytest.raises(Unavailable, match="parley has no service at this commit"):
        SERVICE.open(_world(tmp_path))
    monkeypatch.delitem(sys.modules, "parley")


def test_the_command_names_the_model_and_the_port(tmp_path: Path) -> None:
    assert SERVICE.command is not None
    python, program, *arguments = SERVICE.command(Start(_world(tmp_path), 8123, workers=4))
    assert python == sys.executable
    assert Path(program) == Path(serve.__file__)
    assert arguments == [MODEL_URL, "8123", "4"]


def test_each_worker_makes_a_service_of_what_the_first_process_was_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    served: list[Any] = []
    web = SimpleNamespace(Web=lambda *given: given)
    monkeypatch.setitem(sys.modules, "parley", SimpleNamespace(web=web))
    monkeypatch.setitem(sys.modules, "parley.web", web)
    uvicorn = SimpleNamespace(run=lambda *_, **options: served.append(options))
    monkeypatch.setitem(sys.modules, "uvicorn", uvicorn)
    monkeypatch.setattr(sys, "argv", ["serve.py", MODEL_URL, "8123", "4"])
    monkeypatch.setattr(os, "environ", {})
    serve.main()
    (options,) = served
    assert (options["port"], options["workers"], options["factory"]) == (8123, 4, True)
    assert serve.application() == (MODEL_URL, serve.KEY, serve.MODEL)
