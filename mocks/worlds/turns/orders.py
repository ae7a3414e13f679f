"""What users may want of a turn besides its answer, and what a runtime makes of that."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum


class Kept(IntEnum):
    """What became of what was wanted, from good to bad."""

    DONE = 0
    """It was done as it was wanted."""
    REFUSED = 1
    """The runtime says with an error of its own that it does not do it."""
    LATE = 2
    """It was done, later than wanted."""
    SAID = 3
    """The runtime says that it is done, and goes on all the same."""
    IGNORED = 4
    """The runtime goes on as if nothing had been wanted."""
    CRASH = 5
    """Somebody else's error comes out."""
    MADE_UP = 6
    """The turn is called done, with an answer that the model never gave."""
    NEVER = 7
    """The turn never ends, or no other one does afterwards."""

    @property
    def word(self) -> str:
        """As people read it."""
        return self.name.lower().replace("_", " ")


class Order(Enum):
    """What is wanted."""

    EQUAL = "equal priority"
    URGENT = "urgent"
    AFTER = "after another"
    AFTER_DONE = "after one that is done"
    AFTER_FAILED = "after one that fails"
    FAILS = "model fails"
    TIMEOUT = "time-out"
    CANCEL = "cancel"
    CANCEL_WAITING = "cancel while it waits"


@dataclass(frozen=True, slots=True)
class Asked:
    """``what`` happens, and what is ``wanted`` of a runtime then."""

    what: str
    wanted: str


ASKED = {
    Order.EQUAL: Asked(
        "three turns come at the same instant with the same priority", "all answered"
    ),
    Order.URGENT: Asked(
        "one turn at a time is allowed and one is worked on; a turn comes, then one of a higher "
        "priority",
        "the urgent one begins first",
    ),
    Order.AFTER: Asked(
        "a turn has to come after another one that is worked on", "it begins when that one is done"
    ),
    Order.AFTER_DONE: Asked("a turn has to come after another one that is done", "it is answered"),
    Order.AFTER_FAILED: Asked(
        "a turn has to come after another one, whose call to the model fails", "it ends undone"
    ),
    Order.FAILS: Asked("the call to the model fails, each time", "the turn ends as failed"),
    Order.TIMEOUT: Asked(
        "a turn may take 5 s, and the model never answers", "it ends undone after 5 s"
    ),
    Order.CANCEL: Asked(
        "a turn is given up while the model works on it", "it ends undone, and so does the call"
    ),
    Order.CANCEL_WAITING: Asked(
        "a turn is given up while it waits for another one", "it ends undone without a call"
    ),
}
