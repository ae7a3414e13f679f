"""Calling contexts as a process of the SDK prints them (``benchmarks/attribute.py``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from unladen.explain.code import Key, function_name

OWN, ASYNCIO, LIBRARY, HARNESS = "own", "asyncio", "library", "harness"


@dataclass(frozen=True)
class RunFunction:
    """A function that ran. ``origin``: whose it is."""

    origin: str
    key: Key

    @property
    def is_own(self) -> bool:
        """Whether it is the SDK's."""
        return self.origin == OWN


def function_text(function: RunFunction) -> str:
    """A function for people."""
    return function_name(function.key)


@dataclass(frozen=True)
class Context:
    """A function at one place of a caller. ``caller``: the number of its caller's context, -1 for
    none; ``line``: of the caller, 0 for none; ``lines``: bytecodes executed by line; ``c_calls``:
    C functions called, by name."""

    caller: int
    function: RunFunction
    line: int
    entered: int
    resumed: int
    lines: Mapping[int, int]
    c_calls: Mapping[str, int]

    @property
    def bytecodes(self) -> int:
        """Executed in it, but not below."""
        return sum(self.lines.values())


@dataclass(frozen=True)
class Awaited:
    """A wait of the critical path. ``context``: the number of that which waited, at a ``line`` of
    its function; -1 if it is none of the SDK's. ``start``, ``end``: virtual seconds."""

    context: int
    line: int
    start: float
    end: float


@dataclass(frozen=True)
class HeldLock:
    """A lock that something later on the critical path waited for. ``context``, ``line``: where who
    held it had asked for it; ``made``, ``made_line``: where it was made; a context is -1 if it is
    none of the SDK's. ``start``: since when it was held and waited for; ``waits``: the numbers of
    those on the path that passed until it was given free."""

    context: int
    line: int
    made: int
    made_line: int
    start: float
    waits: Sequence[int]


@dataclass(frozen=True)
class SiteFrame:
    """A line of a file that was being executed; ``origin``: whose file it is."""

    origin: str
    file: str
    line: int


@dataclass(frozen=True)
class AllocationSite:
    """Memory that is retained: ``size`` bytes that were allocated there, the most recent call
    first."""

    frames: Sequence[SiteFrame]
    size: int


@dataclass(frozen=True)
class HeldStep:
    """An object on the way to others. ``name``: by which the one before holds it, as ``.NAME``, ""
    if it has none; ``words``: what it is; ``type``: of which type; ``origin``, ``key``: whose its
    class, its function or itself as a module is, and which."""

    name: str
    words: str
    type: str
    origin: str
    key: Key


@dataclass(frozen=True)
class HeldObjects:
    """Objects that are retained, all reached in the same way: ``size`` bytes. ``steps``: what holds
    them, by the name of the second step if that has one, and so on, to what they are."""

    steps: Sequence[HeldStep]
    size: int
    objects: int


@dataclass(frozen=True)
class Importer:
    """Code that asks for a module; ``origin``: whose it is."""

    origin: str
    file: str
    line: int
    function: str


@dataclass(frozen=True)
class Loading:
    """A module that was loaded. ``above``: the number of the one that asked for it, -1 for the
    root; ``importer``: where, None if it was asked for by name; ``file``: its own if it is the
    SDK's, else ""; ``amount``: bytecodes or CPU seconds of its own; ``modules``: how many came with
    it, itself included."""

    above: int
    name: str
    importer: Importer | None
    file: str
    amount: float
    modules: int


@dataclass(frozen=True)
class OwnFrame:
    """A function of the SDK's, and the line of it that was being executed."""

    key: Key
    line: int


@dataclass(frozen=True)
class CountedPart:
    """Of a figure that counts things, those with this ``text`` that come from the same place:
    ``frames``, the innermost first; ``times``: how many."""

    text: str
    frames: Sequence[OwnFrame]
    times: int


@dataclass(frozen=True)
class TraceStep:
    """A line of the SDK's that ran, in the context of this number."""

    context: int
    line: int


@dataclass(frozen=True)
class RaisedError:
    """Exceptions of a type that came up in the SDK's code; ``times``: how many."""

    step: TraceStep
    name: str
    times: int


@dataclass(frozen=True)
class ModelCall:
    """A call to the model. ``role``, ``agent``: what for, "" if unsaid; ``outcome``: how it ended;
    ``frames``: who made it, the innermost first."""

    role: str
    agent: str
    outcome: str
    frames: Sequence[OwnFrame]


@dataclass(frozen=True)
class Side:
    """What one commit did. ``value``: of the series, None if it is n/a; ``wrong``: what was wrong
    with the outcome; ``contexts``: callers first; ``waits``: one after the other;
    ``holds``: of locks, in the same order;
    ``sites``: of what it retains, or of what is alive at its peak, which is ``retained`` bytes and
    reached ``at`` these lines, the innermost first; ``held``: by what holds what is retained, and
    ``imports``, the root first, if these were asked for; ``parts``: what the figure is a number of,
    none of one that is no such number; ``steps``, ``raised``, ``calls``: what it did in order, if
    that was asked for."""

    value: float | None
    wrong: str
    contexts: Sequence[Context]
    waits: Sequence[Awaited] = ()
    holds: Sequence[HeldLock] = ()
    sites: Sequence[AllocationSite] = ()
    held: Sequence[HeldObjects] = ()
    retained: int = 0
    at: Sequence[SiteFrame] = ()
    imports: Sequence[Loading] = ()
    parts: Sequence[CountedPart] = ()
    steps: Sequence[TraceStep] = ()
    raised: Sequence[RaisedError] = ()
    calls: Sequence[ModelCall] = ()

    @property
    def bytecodes(self) -> int:
        """All that were counted."""
        return sum(one.bytecodes for one in self.contexts)

    @property
    def own_bytecodes(self) -> int:
        """Those in the SDK's own files."""
        return sum(one.bytecodes for one in self.contexts if one.function.is_own)
