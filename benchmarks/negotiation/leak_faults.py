"""A schedule of faults for negotiations in a row: some fail, some lose an offer, some neither."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from mocks.model import Disconnected, Fault, Reply, Request
from mocks.worlds.negotiation.people import Demand


class _Disconnect:
    """The connection breaks at once."""

    async def apply(self, answer: Callable[[], Awaitable[Reply]]) -> Reply:
        raise Disconnected("the connection was lost")


class EveryThird:
    """Of three demands in a row, the first gets no answer from the center, the second none from
    the first agent, the third all. It keeps no record, which would look like a leak."""

    def __init__(self) -> None:
        self._fault = _Disconnect()

    def strike(self, request: Request) -> Fault | None:
        match _place_of_three(request.mark):
            case 1 if request.role == "center":
                return self._fault
            case 2 if request.role == "offer" and request.agent == FIRST_AGENT:
                return self._fault
        return None


FIRST_AGENT = "a00001"


def is_struck(demand: Demand) -> bool:
    """Whether something goes wrong in the negotiation of the demand."""
    return _place_of_three(demand.mark) != 0


def _place_of_three(mark: str) -> int:
    return int(mark.removeprefix("#d")) % 3
