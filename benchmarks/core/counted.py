"""Numbers of things that know what they are numbers of, where that is asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sized

from benchmarks.core.unseen import unseen

OwnFrame = tuple[str, str, int]
"""A function of the SDK's that runs: its file, its name, the line."""

Place = tuple[OwnFrame, ...]
"""For whose sake something happens, the innermost first."""

Part = tuple[str, Place]
"""What was counted, as a text that others of its kind share, and where it came from."""


class Counted(int):
    """A number that is the sum of its ``parts``. Sums and differences of such numbers are others;
    all else is a plain number."""

    parts: Mapping[Part, int]

    @classmethod
    def of(cls, parts: Mapping[Part, int]) -> Counted:
        """The number of all of them."""
        made = cls(sum(parts.values()))
        made.parts = {part: times for part, times in parts.items() if times}
        return made

    def __reduce__(self) -> tuple[Callable[..., Counted], tuple[Mapping[Part, int]]]:
        """For copies, and for other processes."""
        return Counted.of, (self.parts,)

    def __add__(self, other: int) -> int:
        if isinstance(other, Counted):
            return self._with(other, 1)
        return self if other == 0 else int(self) + other

    __radd__ = __add__

    def __sub__(self, other: int) -> int:
        if isinstance(other, Counted):
            return self._with(other, -1)
        return self if other == 0 else int(self) - other

    @unseen
    def _with(self, other: Counted, sign: int) -> Counted:
        found = Counter(self.parts)
        for part, times in other.parts.items():
            found[part] += sign * times
        return Counted.of(found)


def number(things: Sized) -> int:
    """How many there are: ``Counted`` where whose work a figure is is asked for."""
    for tell in tellers:
        return tell(things)
    return len(things)


tellers: list[Callable[[Sized], int]] = []
"""Who tells what things are: nobody, but in processes of ``benchmarks.attribute``."""


class Ledger:
    """What was counted so far, by what it is to its owner."""

    def __init__(self) -> None:
        self._noted: Counter[tuple[Hashable, Part]] = Counter()

    @unseen
    def note(self, what: Hashable, part: Part) -> None:
        """One more."""
        self._noted[what, part] += 1

    @unseen
    def known(self, total: int, is_meant: Callable[[Hashable], bool] = lambda _: True) -> int:
        """``total``, with its parts if as many were noted that are meant."""
        found: Counter[Part] = Counter()
        for (what, part), times in self._noted.items():
            if is_meant(what):
                found[part] += times
        return Counted.of(found) if found.total() == total else total
