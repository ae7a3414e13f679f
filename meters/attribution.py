"""Whose bytecodes they are: those of a ``meters.bytecodes`` block by calling context; and whose
calls, of a ``meters.calls`` block.

Kind: exact. Unit: bytecodes, first entries of functions, calls of C functions.
Cost: 3 to 4 times what counting costs; about 300 bytes a context. ``meters.recorded_blocks`` has
blocks keep such a tree.

A context is a function, called at one place of its caller's context. What a task runs lies below
the place where the task was made, and a callback below the place where it was scheduled: handles
of an event loop remember who made them. A coroutine stays in the context in which it was entered
first, whoever resumes it.
Blind spots: those of ``meters.bytecodes``; frames that already ran when counting began are roots;
a callback that schedules itself again and again is one context, unless the SDK's own code lies
between; what a C function does for its caller is counted as a call only.
"""

from asyncio import events
from collections import Counter
from collections.abc import Callable
from types import BuiltinFunctionType, CodeType, FrameType
from typing import TYPE_CHECKING, Any

from meters.critical_path import Steps, Wait, frames_of
from meters.locks import HEARD
from meters.traces import Trace
from meters.transports import SENDS
from meters.waits import Frames

if TYPE_CHECKING:
    from meters.opcodes import LocalTrace

_HANDLE_MADE = events.Handle.__init__.__code__
_HANDLE_RUN = events.Handle._run.__code__
_NOWHERE = -1


class Context:
    """A function below the context that called it. It is the local trace function of its frames.

    ``offset``: of the instruction of ``caller`` that called it, -1 for a root; ``entered``: how
    often a frame began here; ``executed``: how often each instruction ran, by its offset;
    ``c_calls``: C functions called here, by name.
    """

    __slots__ = (
        "c_calls",
        "caller",
        "children",
        "code",
        "entered",
        "executed",
        "offset",
        "resumed",
        "tree",
    )

    def __init__(
        self, tree: "ContextTree", caller: "Context | None", code: CodeType, offset: int
    ) -> None:
        self.tree = tree
        self.caller = caller
        self.code = code
        self.offset = offset
        self.entered = 0
        self.resumed = 0
        self.executed: Counter[int] = Counter()
        self.c_calls: Counter[str] = Counter()
        self.children: dict[tuple[int, int], Context] = {}

    def __call__(self, frame: FrameType, event: str, argument: Any) -> "Context":
        """What CPython calls for each instruction of a frame."""
        if event == "opcode":
            self.executed[frame.f_lasti] += 1
        elif self.tree.trace is not None:
            if event == "line":
                self.tree.trace.step(self, frame.f_lineno)
            elif event == "exception":
                self.tree.trace.comes_up(self, frame, argument)
        return self

    def lines(self) -> Counter[int]:
        """Bytecodes executed by line."""
        found: Counter[int] = Counter()
        for offset, times in self.executed.items():
            found[line_at(self.code, offset)] += times
        return found


class ContextTree:
    """The contexts of one counted block. ``skip``: files whose frames are not counted; ``opened``
    hears of each other file once; ``is_own``: whether a file is the SDK's; ``trace``: hears what
    runs; ``frames``: of a suspended coroutine."""

    def __init__(
        self,
        skip: tuple[str, ...],
        opened: Callable[[str], None],
        is_own: Callable[[str], bool],
        trace: "Trace[Context] | None" = None,
        frames: Frames = frames_of,
    ) -> None:
        self.trace = trace
        self._frames = frames
        self.contexts: list[Context] = []
        self._skip = frozenset((*skip, __file__))
        self._opened = opened
        self._files: set[str] = set()
        self._is_own = is_own
        self._roots: dict[tuple[int, int], Context] = {}
        # By the handle's address: a new handle there replaces what is said of the old one, and
        # none is kept alive.
        self._makers: dict[int, tuple[Context, int]] = {}
        self.steps: Steps[tuple[Context, int]] = Steps(self._own_place, frames)

    def enter(self, frame: FrameType, event: str, argument: Any) -> "LocalTrace | None":
        """The global trace function: called when a frame begins or is resumed."""
        known = frame.f_trace
        if isinstance(known, Context) and known.tree is self:
            known.resumed += 1
            return self._follow(frame, known)
        code = frame.f_code
        if code.co_filename in self._skip:
            return None
        caller, offset = self._caller(frame)
        if code is _HANDLE_MADE and caller is not None:
            handle = frame.f_locals["self"]
            self._makers[id(handle)] = (caller, offset)
            self.steps.made(handle, frame.f_locals["loop"], self._own_above(caller, offset))
        elif code is _HANDLE_RUN:
            handle = frame.f_locals["self"]
            caller, offset = self._makers.get(id(handle), (caller, offset))
            self.steps.ran(handle)
        elif id(code) in HEARD:
            lock = id(frame.f_locals["self"])
            self.steps.heard(id(code), lock, self._own_above(caller, offset))
        elif id(code) in SENDS:
            self.steps.sends(frame.f_locals["self"])
        context = self._child(caller, code, offset)
        context.entered += 1
        return self._follow(frame, context)

    def _follow(self, frame: FrameType, context: Context) -> "LocalTrace":
        # As ``opcodes.follow``, whose frames must not be counted here either.
        frame.f_trace = context
        frame.f_trace_lines = self.trace is not None and self._is_own(frame.f_code.co_filename)
        frame.f_trace_opcodes = True
        return context

    def profile(self, frame: FrameType, event: str, argument: Any) -> None:
        """The profile function: called for each call of a C function."""
        if event == "c_call":
            context = frame.f_trace
            if isinstance(context, Context) and context.tree is self:
                context.c_calls[_c_name(argument)] += 1

    def by_file(self) -> dict[str, int]:
        """Bytecodes by the file that code objects name. May be asked while counting goes on, so
        nothing is called here that is written in Python."""
        found: dict[str, int] = {}
        for context in self.contexts:
            file = context.code.co_filename
            found[file] = found.get(file, 0) + sum(context.executed.values())
        return found

    def forget(self) -> None:
        """Keep no more of what was counted than where in the code it goes on."""
        for context in self.contexts:
            context.entered = context.resumed = 0
            context.executed.clear()
            context.c_calls.clear()
        self.steps = Steps(self._own_place, self._frames)

    def waits(self) -> list[Wait[tuple[Context, int]]]:
        """The critical path; places are contexts of the SDK's, and lines in them."""
        return self.steps.path()

    def _own_place(self, frame: FrameType) -> tuple[Context, int] | None:
        context = frame.f_trace
        if not isinstance(context, Context) or context.tree is not self:
            return None
        return (context, frame.f_lineno) if self._is_own(frame.f_code.co_filename) else None

    def _own_above(self, caller: Context | None, offset: int) -> tuple[Context, int] | None:
        """The nearest context of the SDK's at or above one, and the line in it."""
        while caller is not None and not self._is_own(caller.code.co_filename):
            offset = caller.offset
            caller = caller.caller
        return None if caller is None else (caller, line_at(caller.code, offset))

    def _caller(self, frame: FrameType) -> tuple[Context | None, int]:
        back = frame.f_back
        while back is not None and back.f_code.co_filename in self._skip:
            back = back.f_back
        if back is None:
            return None, _NOWHERE
        context = back.f_trace
        if isinstance(context, Context) and context.tree is self:
            return context, back.f_lasti
        return None, _NOWHERE

    def _child(self, caller: Context | None, code: CodeType, offset: int) -> Context:
        siblings = self._roots if caller is None else caller.children
        key = (id(code), offset)  # equal code objects of different files are one dictionary key
        found = siblings.get(key)
        if found is None:
            found = self._same_above(caller, code) if code is _HANDLE_RUN else None
            if found is None:
                found = self._new(caller, code, offset)
            siblings[key] = found
        return found

    def _new(self, caller: Context | None, code: CodeType, offset: int) -> Context:
        made = Context(self, caller, code, offset)
        self.contexts.append(made)
        if code.co_filename not in self._files:
            self._files.add(code.co_filename)
            self._opened(code.co_filename)
        return made

    def _same_above(self, caller: Context | None, code: CodeType) -> Context | None:
        """The context of the same function above, if nothing of the SDK lies between: callbacks
        that schedule each other would otherwise lie ever deeper."""
        while caller is not None and not self._is_own(caller.code.co_filename):
            if caller.code is code:
                return caller
            caller = caller.caller
        return None


class CallTree(ContextTree):
    """The contexts of one block whose calls are counted: in place of bytecodes, of each context
    where it is entered or resumed, and where it calls C functions. Its ``profile`` is all that is
    needed: no bytecode is traced."""

    def profile(self, frame: FrameType, event: str, argument: Any) -> None:
        """The profile function: called for each call."""
        if event == "call":
            self.enter(frame, event, argument)
            context = frame.f_trace
            if isinstance(context, Context) and context.tree is self:
                context.executed[0] += 1
        elif event == "c_call":
            context = frame.f_trace
            if not (isinstance(context, Context) and context.tree is self):
                context = self._running(frame)
            if context is not None:
                context.executed[frame.f_lasti] += 1
                context.c_calls[_c_name(argument)] += 1

    def _running(self, frame: FrameType) -> Context | None:
        """The context of a frame that already ran when counting began, such as a thread's."""
        if frame.f_code.co_filename in self._skip:
            return None
        caller, offset = self._caller(frame)
        frame.f_trace = context = self._child(caller, frame.f_code, offset)
        return context

    def _follow(self, frame: FrameType, context: Context) -> "LocalTrace":
        frame.f_trace = context
        return context


def line_at(code: CodeType, offset: int) -> int:
    """The line of the instruction at an offset; that of the function for what has none."""
    for start, end, line in code.co_lines():
        if start <= offset < end:
            return line or code.co_firstlineno
    return code.co_firstlineno


def _c_name(function: BuiltinFunctionType) -> str:
    module = getattr(function, "__module__", None)
    name = function.__qualname__
    return f"{module}.{name}" if isinstance(module, str) and module != "builtins" else name
