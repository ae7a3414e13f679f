"""The world of an SDK that makes calls: what it is given for each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from mocks.model import Faults, Model, Reply, Request
from mocks.world import World
from mocks.worlds.calls.messages import Kind, Message, mark_of, messages
from mocks.worlds.calls.stream import Delivery, Pace, Stream

PREDICATE = "predicate"
"""The place of what a user gives an SDK to know the target by."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One call to be made.

    ``stream``: an async generator function without parameters, which streams ``Message``s;
    ``is_target``: whether a message is what is waited for; ``timeout``: seconds that the SDK is
    told to give it, ``None``: as long as it takes. What follows is for whoever checks: all that is
    streamed, and the ``target`` among it, ``None`` if there is none.
    """

    mark: str
    stream: Callable[[], AsyncIterator[Message]]
    is_target: Callable[[Message], bool]
    timeout: float | None
    messages: list[Message]
    target: Message | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What calls are like: how many messages are streamed, which of them is the target (``None``:
    none is), how fast they come, and how long the SDK is to wait."""

    messages: int = 10
    target: int | None = 8
    pace: Pace = field(default_factory=Pace)
    timeout: float | None = None


@dataclass(eq=False, kw_only=True)
class CallsWorld(World):
    """A world of calls.

    ``plan``: what they are like; ``faults``: what goes wrong with streams; ``requests``: whether
    calls will be cancelled by the SDK's own means, so that a driver need make that possible;
    ``watch``: hears of each message before it is delivered. ``deliveries`` tells what each stream
    has delivered since the last ``clear``; the model's log has an entry for each.
    """

    plan: Plan = field(default_factory=Plan)
    faults: Faults | None = None
    requests: bool = False
    watch: Callable[[], object] | None = None
    model: Model = field(default_factory=lambda: Model(_nobody))
    deliveries: list[Delivery] = field(default_factory=list)
    is_target: Callable[[Message], bool] = field(init=False)

    def __post_init__(self) -> None:
        self.is_target = self.at(PREDICATE, is_target)

    def ask(self, number: int) -> Ask:
        """Call ``number`` (1, 2, ...)."""
        plan, mark = self.plan, mark_of(number)
        streamed = messages(mark, plan.messages, plan.target)
        target = None if plan.target is None else streamed[plan.target - 1]
        delivery = Delivery(mark)
        self.deliveries.append(delivery)
        stream = Stream(
            streamed, target, plan.pace, delivery, self.model.calls, self.faults, self.watch
        )
        return Ask(mark, stream.read, self.is_target, plan.timeout, streamed, target)

    def clear(self) -> None:
        """See ``World``."""
        super().clear()
        self.deliveries.clear()


def is_target(message: Message) -> bool:
    """Whether a message is the result."""
    return message.kind is Kind.RESULT


def _nobody(request: Request) -> Reply:
    raise LookupError(f"a call reads streams; nobody asks the model itself as {request.role!r}")
