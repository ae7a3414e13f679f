"""Finding the first of a line of commits at which something is otherwise, with few probes."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass


class ProbeAnswer(enum.Enum):
    """What a probe says of a commit: like the good one, like the bad one, or neither."""

    GOOD = "good"
    BAD = "bad"
    SKIP = "skip"


@dataclass(frozen=True)
class CommitRange:
    """The commits among which a first bad one is: those after index ``good`` up to ``bad``. All
    but the last could not be judged. ``good`` is -1 for the commit before the line."""

    good: int
    bad: int

    @property
    def is_one(self) -> bool:
        """Whether it is one commit."""
        return self.bad - self.good == 1


def first_bad(
    number: int, probe: Callable[[int], ProbeAnswer], guess: int | None = None
) -> CommitRange:
    """A first bad commit of ``number``, at least one, of which the last is known to be bad and the
    one before the first to be good.

    ``probe`` is asked at most once for an index, about log2(number) times, plus once for each
    answer SKIP. ``guess``: where the change is likely; it and the commit before it are asked first,
    so that a right guess takes two probes. Where good and bad alternate, it is one of the places
    where bad follows good.
    """
    good, bad = -1, number - 1
    skipped: set[int] = set()
    hints = [] if guess is None else [guess, guess - 1]
    while True:
        open_ones = [n for n in range(good + 1, bad) if n not in skipped]
        if not open_ones:
            return CommitRange(good, bad)
        hints = [n for n in hints if n in open_ones]
        chosen = hints.pop(0) if hints else _middle(open_ones, good, bad)
        match probe(chosen):
            case ProbeAnswer.GOOD:
                good = chosen
            case ProbeAnswer.BAD:
                bad = chosen
            case ProbeAnswer.SKIP:
                skipped.add(chosen)


def _middle(open_ones: list[int], good: int, bad: int) -> int:
    """The one nearest to the middle between good and bad."""
    return min(open_ones, key=lambda n: abs(2 * n - good - bad))
