"""What a difference of executed bytecodes is made of.

Each bytecode belongs to its *cause*: the nearest function above it, itself included, that the
commit changed, and there to the line below which it ran. A cause that is merely called more often
by another one that the commit changed passes that share on to the caller. What moved from one
cause to another and is still done counts for neither. What has no changed function above it stands
on its own. The parts add up to the whole difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from unladen.explain.code import Key
from unladen.explain.contexts import RunFunction
from unladen.explain.work.entries import Entries


@dataclass(frozen=True)
class Place:
    """Where in a cause: a line's ``text``, and ``into`` which function it led from there ("" for
    the line itself). ``is_more_calls``: for being reached more often or less often."""

    text: str
    into: str = ""
    is_more_calls: bool = False


@dataclass(frozen=True)
class CausePart:
    """What one place of a cause contributes. ``line``: its number after the commit (before it, if
    it is gone), 0 if it has none; ``change``: bytecodes; ``calls``: of what it led into, before and
    after."""

    place: Place
    line: int
    change: int
    calls: tuple[int, int]


@dataclass(frozen=True)
class Cause:
    """A function that the commit changed. ``why``: how; ``calls``: before and after; ``parts``: the
    biggest first."""

    key: Key
    why: str
    change: int
    calls: tuple[int, int]
    parts: Sequence[CausePart]


@dataclass(frozen=True)
class Rest:
    """Bytecodes with no changed function above them: below ``name``, an own function, or what runs
    the SDK."""

    name: str
    change: int


@dataclass(frozen=True)
class Executed:
    """Where bytecodes were executed. ``by_calls``: the share of the change that is due to being
    called more often, the rest costs more per call; ``called_by``: who calls it more often, most of
    all, "" if nobody does."""

    function: RunFunction
    bytecodes: tuple[int, int]
    calls: tuple[int, int]
    by_calls: int
    called_by: str

    @property
    def change(self) -> int:
        """Bytecodes after less those before."""
        return self.bytecodes[1] - self.bytecodes[0]


@dataclass(frozen=True)
class CalledOfC:
    """A C function; ``calls``: of it, by code written in Python; ``called_by``: who calls it more
    often, or less often if all together do, most of all."""

    name: str
    calls: tuple[int, int]
    called_by: str

    @property
    def change(self) -> int:
        """Calls after less those before."""
        return self.calls[1] - self.calls[0]


@dataclass(frozen=True)
class ExplainedWork:
    """``before``, ``after``: of the figure, in ``unit``: bytecodes, or function calls; ``causes``,
    ``rest``: what the difference is made of, the biggest in its direction first; ``moved``: what
    other causes execute now; ``executed``: where, the biggest change first; ``c_functions``: those
    that are called more or less often, likewise; ``entries``: where it leads into other code, if
    very many functions were changed; ``is_own_only``: it is of the SDK's own files."""

    before: int
    after: int
    causes: Sequence[Cause]
    rest: Sequence[Rest]
    moved: int
    executed: Sequence[Executed]
    is_own_only: bool
    unit: str = "bytecodes"
    c_functions: Sequence[CalledOfC] = ()
    entries: Entries | None = None

    @property
    def change(self) -> int:
        """What there is after less what there was before."""
        return self.after - self.before

    @property
    def left_over(self) -> int:
        """What the parts do not account for."""
        parts = sum(one.change for one in self.causes) + sum(one.change for one in self.rest)
        return self.change - parts
