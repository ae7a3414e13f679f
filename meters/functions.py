"""Where bytecodes are executed: function by function, in an SDK's own files.

Kind: exact. Unit: bytecodes, as in ``meters.bytecodes``, with its blind spots.
Cost: 10 to 20 times slower; a full collection before; about 1 kB a function.
Blind spots besides: what a C function does for its caller (``json``'s encoder, a sort, a regular
expression) is not seen, so a function that hands its work to C looks cheap; a comprehension, a
generator expression or a lambda counts as the function it is written in.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from meters import opcodes
from meters.collector import CollectorPaused
from meters.paths import Paths

if TYPE_CHECKING:
    from meters.opcodes import LocalTrace

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Function:
    """One function of the SDK's own files.

    ``file``: as code objects give it; ``line``: where it is defined; ``own``: bytecodes executed
    in it; ``libraries``: those executed by library code that it called, directly or through other
    library code; ``hottest_line``: the line on which most of ``own`` were executed, 0 if none.
    """

    file: str
    name: str
    line: int
    own: int
    libraries: int
    hottest_line: int

    @property
    def caused(self) -> int:
        """``own`` and ``libraries`` together."""
        return self.own + self.libraries


@dataclass(frozen=True, slots=True)
class Profile(Generic[T]):
    """What a call returned and the functions of its own files, in the order they first ran."""

    functions: tuple[Function, ...]
    result: T

    @property
    def own(self) -> int:
        """Bytecodes executed in all of them."""
        return sum(function.own for function in self.functions)

    @property
    def caused(self) -> int:
        """The same with the library code they called."""
        return sum(function.caused for function in self.functions)


def profile(
    call: Callable[[], T], *, inside: Sequence[str], harness: Sequence[str] = ()
) -> Profile[T]:
    """Run ``call`` once; the bytecodes of each function in the files below ``inside``.

    Code that is neither inside nor below ``harness`` is library code. It counts for the function
    of the SDK that is nearest among its callers, unless code of the harness lies between.
    """
    tracer = _Tracer(Paths(inside), Paths(harness))
    previous = sys.gettrace()
    with CollectorPaused():
        opcodes.start(tracer.enter)
        try:
            result = call()
        finally:
            sys.settrace(previous)
    return Profile(tracer.functions(), result)


_Key = tuple[str, str]
"""File and name of a function: of what is written in it, too."""


class _Tracer:
    def __init__(self, inside: Paths, harness: Paths) -> None:
        self._inside = inside
        self._harness = harness
        # By file, first line and name, since code objects of different files may be equal.
        self._own: dict[tuple[str, int, str], tuple[CodeType, Counter[int], LocalTrace]] = {}
        self._libraries: dict[_Key, tuple[Callable[[], int], LocalTrace]] = {}

    def enter(self, frame: FrameType, event: str, argument: Any) -> "LocalTrace | None":
        """What CPython calls on every entry into or resumption of a frame."""
        if frame.f_code.co_filename in self._inside:
            return opcodes.follow(frame, self._trace_own(frame.f_code))
        owner = self._owner(frame)
        return None if owner is None else opcodes.follow(frame, self._trace_library(owner))

    def functions(self) -> tuple[Function, ...]:
        """The tally of each function, in the order they were first entered."""
        lines: defaultdict[_Key, Counter[int]] = defaultdict(Counter)
        defined: dict[_Key, int] = {}
        for code, executed, _ in self._own.values():
            key = _key(code)
            if key not in defined or code.co_qualname == key[1]:
                defined[key] = code.co_firstlineno
            lines[key].update(_by_line(code, executed))
        return tuple(
            Function(
                file=file,
                name=name,
                line=defined[file, name],
                own=tally.total(),
                libraries=self._read_libraries((file, name)),
                hottest_line=max(tally, key=lambda line: (tally[line], -line), default=0),
            )
            for (file, name), tally in lines.items()
        )

    def _read_libraries(self, key: _Key) -> int:
        entry = self._libraries.get(key)
        return 0 if entry is None else entry[0]()

    def _owner(self, frame: FrameType) -> _Key | None:
        """The SDK's function on whose account this library frame runs."""
        caller: FrameType | None = frame
        while caller is not None:
            file = caller.f_code.co_filename
            if file in self._inside:
                return _key(caller.f_code)
            if file in self._harness or file in _OWN_FILES:
                return None
            caller = caller.f_back
        return None

    def _trace_own(self, code: CodeType) -> "LocalTrace":
        key = (code.co_filename, code.co_firstlineno, code.co_qualname)
        entry = self._own.get(key)
        if entry is None:
            executed: Counter[int] = Counter()
            entry = self._own[key] = (code, executed, _count_by_offset(executed))
        return entry[2]

    def _trace_library(self, owner: _Key) -> "LocalTrace":
        entry = self._libraries.get(owner)
        if entry is None:
            trace, read = opcodes.tally()
            entry = self._libraries[owner] = (read, trace)
        return entry[1]


def _count_by_offset(executed: Counter[int]) -> "LocalTrace":
    def trace(frame: FrameType, event: str, argument: Any) -> "LocalTrace":
        if event == "opcode":
            executed[frame.f_lasti] += 1
        return trace

    return trace


def _by_line(code: CodeType, executed: Counter[int]) -> Counter[int]:
    lines: Counter[int] = Counter()
    for start, end, line in code.co_lines():
        for offset in range(start, end, 2):
            lines[line or code.co_firstlineno] += executed[offset]
    return +lines


def _key(code: CodeType) -> _Key:
    """The named function that ``code`` is, or is written in."""
    name = code.co_qualname.partition(".<locals>.<")[0]
    return code.co_filename, name


_OWN_FILES = (profile.__code__.co_filename, opcodes.tally.__code__.co_filename)
