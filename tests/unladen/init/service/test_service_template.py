"""What ``unladen init`` begins a driver of a service with: virtually, and as a real process."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest
from begun_drivers import begun, tried

from meters.sockets import free_port
from mocks.model import Model
from mocks.worlds.service.endpoints import Endpoint, Kind
from mocks.worlds.service.prompts import BLOCKED, PROMPTS, Prompt
from mocks.worlds.service.script import Script
from mocks.worlds.service.traffic import ask_of
from mocks.worlds.service.users import User
from mocks.worlds.service.world import ServiceWorld
from targets.protocols.service import Start
from targets.templates.service import service as template
from targets.templates.service.service_example import RULES
from unladen.init import files
from unladen.measure.driver_check import Soundness, Tried

CAPABILITY = template.CAPABILITY.name
READY_S = 60.0


@pytest.mark.slow
def test_what_serves_it_is_pinned_and_missed_where_it_is_not(tmp_path: Path) -> None:
    suite = files.needs_of([])
    assert files.needs_of([CAPABILITY]) == [*suite, "uvicorn"]
    why = "a service is served by uvicorn, which requirements.txt does not have"
    found = tried(begun(tmp_path, CAPABILITY), CAPABILITY, suite)
    assert found == Tried(CAPABILITY, Soundness.UNAVAILABLE, why)


def test_the_rules_refuse_what_must_be_refused_and_nothing_else() -> None:
    assert all(RULES.search(prompt.text) for prompt in BLOCKED)
    assert not any(RULES.search(prompt.text) for prompt in PROMPTS)


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Where the example listens as a real process, in front of a model that nobody serves."""
    folder = tmp_path_factory.mktemp("world")
    url = f"http://127.0.0.1:{free_port()}/v1"
    world = ServiceWorld(model=Model(Script()), users=[User(1)], model_url=url, folder=folder)
    start = Start(world, free_port())
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            template.command(start),
            cwd=folder,
            env={**os.environ, **template.variables(start)},
            stdout=log,
            stderr=log,
        )
    try:
        limit = time.monotonic() + READY_S
        while status(start.port, template.CAPABILITY.ready) is None:
            assert process.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < limit, "it is not ready"
            time.sleep(0.05)
        yield start.port
    finally:
        process.terminate()
        process.wait()


def status(port: int, endpoint: Endpoint, prompt: Prompt = PROMPTS[0]) -> int | None:
    """What it answers; ``None``: nobody listens yet."""
    ask = ask_of(User(1), 1, prompt)
    url = f"http://127.0.0.1:{port}{endpoint.path_of(ask)}"
    request = Request(url, endpoint.content(ask), method=endpoint.method)
    try:
        with urlopen(request, timeout=READY_S) as reply:
            return int(reply.status)
    except HTTPError as error:
        with error:
            return error.code
    except URLError:
        return None


@pytest.mark.parametrize(
    ("kind", "prompt", "expected"),
    [
        (Kind.HEALTH, PROMPTS[0], HTTPStatus.OK),
        (Kind.BLOCKED, BLOCKED[0], HTTPStatus.FORBIDDEN),
        (Kind.CHAT, PROMPTS[0], HTTPStatus.INTERNAL_SERVER_ERROR),
    ],
)
def test_it_runs_as_a_real_process(
    port: int, kind: Kind, prompt: Prompt, expected: HTTPStatus
) -> None:
    endpoint = template.CAPABILITY.endpoint(kind)
    assert endpoint is not None
    assert status(port, endpoint, prompt) == expected
