"""How autoBMAD's results are read, on a core that is made for the test and has its public names."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from mocks import clock
from mocks.worlds.calls.world import CallsWorld
from targets.autobmad.driver import TARGET
from targets.protocol import Unavailable
from targets.protocols.calls import Calls, Status

CORE = "autoBMAD.epic_automation.core"
CALLS = TARGET.capability(Calls)
assert CALLS is not None


@dataclass
class MadeResult:
    has_target_result: bool = False
    target_message: object = None
    messages: list[object] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    last_exception: BaseException | None = None
    kind: str = ""

    def is_success(self) -> bool:
        return self.has_target_result

    def is_cancelled(self) -> bool:
        return self.kind == "cancelled"

    def is_timeout(self) -> bool:
        return self.kind == "timeout"


class MadeManager:
    def __init__(self) -> None:
        self.registered: list[str] = []
        self.cancelled: list[str] = []

    def register_call(self, call_id: str, agent_name: str) -> None:
        self.registered.append(call_id)

    def request_cancel(self, call_id: str) -> None:
        self.cancelled.append(call_id)


@pytest.fixture
def core(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """What the made core will answer, and what it was asked."""
    seen = SimpleNamespace(result=MadeResult(), asked=None, manager=MadeManager())

    class Executor:
        def __init__(self) -> None:
            self.cancel_manager = seen.manager

        async def execute(
            self, stream: object, is_target: object, *, timeout: float | None, agent_name: str
        ) -> MadeResult:
            seen.asked = (stream, is_target, timeout, agent_name)
            self.cancel_manager.register_call(f"id of {agent_name}", agent_name)
            await asyncio.sleep(0)
            result: MadeResult = seen.result
            return result

    for name in ("autoBMAD", "autoBMAD.epic_automation", CORE):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    vars(sys.modules[CORE])["SDKExecutor"] = Executor
    return seen


RESULTS: list[tuple[MadeResult, Status]] = [
    (MadeResult(has_target_result=True), Status.DONE),
    (MadeResult(kind="cancelled"), Status.CANCELLED),
    (MadeResult(kind="timeout"), Status.TIMED_OUT),
    (MadeResult(errors=["No target result found"]), Status.MISSING),
    (MadeResult(errors=["Target predicate error: x", "No target result found"]), Status.FAILED),
    (MadeResult(last_exception=ValueError("x"), errors=["x"]), Status.FAILED),
]


@pytest.mark.parametrize(("result", "status"), RESULTS)
def test_what_a_result_says(core: SimpleNamespace, result: MadeResult, status: Status) -> None:
    core.result = result
    world = CallsWorld()
    ask = world.ask(7)
    called = clock.run(opened(world).call(ask))
    assert (called.status, called.native) == (status, result)
    assert core.asked == (ask.stream, ask.is_target, None, "#k00007")


def test_a_call_is_cancelled_by_the_id_that_its_manager_hears(core: SimpleNamespace) -> None:
    world = CallsWorld(requests=True)
    ask = world.ask(7)
    caller = opened(world)
    clock.run(caller.call(ask))
    caller.request_cancel(ask)
    assert core.manager.registered == core.manager.cancelled == ["id of #k00007"]


def test_the_skeleton_is_not_available(core: SimpleNamespace) -> None:
    vars(sys.modules[CORE])["SafeClaudeSDK"] = object
    with pytest.raises(Unavailable, match="skeleton"):
        opened(CallsWorld())


def opened(world: CallsWorld) -> Any:
    make: Callable[[CallsWorld], Any] = CALLS.open
    return make(world)
