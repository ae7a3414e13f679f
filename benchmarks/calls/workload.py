"""Calls as a workload: a stream goes in, its target and what came before it must come out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from benchmarks.core import subject
from benchmarks.core.harness import Harness
from benchmarks.core.workload import Engine, WrongOutcome, engine_of
from mocks.model import Faults, Span
from mocks.world import Trouble
from mocks.worlds.calls.messages import Message
from mocks.worlds.calls.stream import Delivery
from mocks.worlds.calls.world import Ask, CallsWorld, Plan
from targets.opening import Opened
from targets.protocols.calls import Called, Caller, Calls, Status

CallsHarness: TypeAlias = Harness[Ask, Called]

LATENCY_S = 1.1
"""Seconds to the first message."""

PAUSE_S = 0.23
"""Seconds from one message to the next, where they do not all come at once."""

PLAIN = Plan()
"""10 messages, of which the 8th is the target."""


class Streams:
    """Calls of one ``plan``. ``faults``: what goes wrong with streams; ``trouble``: with the
    predicate; ``watch`` hears of each message before it is delivered; ``requests``: calls will be
    cancelled by the SDK's own means."""

    def __init__(
        self,
        plan: Plan = PLAIN,
        *,
        faults: Faults | None = None,
        trouble: Trouble | None = None,
        watch: Callable[[], object] | None = None,
        requests: bool = False,
    ) -> None:
        self.plan = plan
        self.caller: Caller | None = None
        self.world = CallsWorld(
            plan=plan, faults=faults, trouble=trouble, watch=watch, requests=requests
        )

    def open(self) -> Opened[Engine[Ask, Called]]:
        """See ``Workload``; ``caller`` is then what the driver gave."""
        return engine_of(subject.capability(Calls).open(self.world), self._engine)

    def input(self, number: int) -> Ask:
        """See ``Workload``."""
        return self.world.ask(number)

    def unavailable(self) -> str:
        """Who makes calls at all can do so."""
        return ""

    def require_results(
        self, inputs: Sequence[Ask], results: Sequence[Called], *, complete: bool = True
    ) -> None:
        """Each call found its target and kept what came before it, in order; incomplete: what it
        kept is its own."""
        for ask, result in zip(inputs, results, strict=True):
            if problem := what_is_wrong(ask, result, complete=complete):
                raise WrongOutcome(f"{ask.mark}: {problem}")

    def require_calls(self, inputs: Sequence[Ask]) -> None:
        """Each stream was read once, in whichever order."""
        read = sorted(call.mark for call in self.world.model.calls)
        if read != sorted(ask.mark for ask in inputs):
            raise WrongOutcome(f"{len(inputs)} calls read the streams {read[:3]}")
        open_ = [call.mark for call in self.world.model.calls if call.ended is None]
        if open_:
            raise WrongOutcome(f"the streams {open_[:3]} are still open")

    def foreign(self, inputs: Sequence[Ask], results: Sequence[Called]) -> int:
        """Messages of other calls."""
        pairs = zip(inputs, results, strict=True)
        return sum(m.mark != ask.mark for ask, result in pairs for m in _held(result))

    def lost(self, result: Called | None) -> int:
        """Messages up to the target that did not come out, or the target."""
        due = self.plan.target or self.plan.messages
        if result is None:
            return due
        if result.messages is None:
            return 0 if result.found is not None else due
        return due - len({m.number for m in result.messages if m.number <= due})

    def spans(self) -> list[Span]:
        """A call reads one stream."""
        return [
            Span(call.mark, 0, call.queued, call.started, call.ended)
            for call in self.world.model.calls
        ]

    def forget(self) -> None:
        """See ``Workload``."""
        self.world.clear()

    def native(self, result: Called) -> object:
        """The SDK's own result."""
        return result.native

    def _engine(self, caller: Caller) -> Engine[Ask, Called]:
        self.caller = caller
        return Engine(caller.call, caller.close)


def delivery_of(harness: CallsHarness) -> Delivery:
    """What the stream of the last call has delivered, of a harness that made one."""
    world = harness.workload.world
    assert isinstance(world, CallsWorld)
    (delivery,) = world.deliveries
    return delivery


def what_is_wrong(ask: Ask, result: Called, *, complete: bool = True) -> str:
    """What a result has that the call cannot have given it, or lacks; empty if it is right."""
    if foreign := next((m for m in _held(result) if m.mark != ask.mark), None):
        return f"holds {foreign.text!r}"
    if not complete:
        return ""
    expected = Status.MISSING if ask.target is None else Status.DONE
    if result.status is not expected:
        return f"says {result.status!s}, though {_what_came(ask)}"
    if result.found is not ask.target:
        return f"found {_named(result.found)}, though {_what_came(ask)}"
    due = ask.messages if ask.target is None else ask.messages[: ask.target.number]
    if result.messages is not None and list(result.messages[: len(due)]) != due:
        return f"kept {len(result.messages)} messages, not the {len(due)} up to its target"
    return ""


def _held(result: Called) -> list[Message]:
    found = [] if result.found is None else [result.found]
    return [*(result.messages or ()), *found]


def _what_came(ask: Ask) -> str:
    return "no target came" if ask.target is None else f"message {ask.target.number} is its target"


def _named(message: Message | None) -> str:
    return "nothing" if message is None else f"message {message.number}"
