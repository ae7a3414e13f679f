"""What left the virtual clock all the same: no exact figure may depend on it unnoticed."""

import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from mocks.inside.thread import place_of


@dataclass(frozen=True, slots=True, order=True)
class Escape:
    """One way in which a program left the clock.

    Attributes:
        kind: "thread", "process", "socket", "name look-up" or "wake-up".
        what: which: an address, a command, a thread's name.
        where: the innermost place of the program that did it, as "file.py:LINE in function".
    """

    kind: str
    what: str
    where: str

    def __str__(self) -> str:
        return f"{self.kind} {self.what}, at {self.where}"


class Escapes:
    """Notes what escapes while it is on. One at a time; the interpreter keeps its hook for ever."""

    def __init__(self) -> None:
        self._counts: Counter[Escape] = Counter()

    @property
    def counts(self) -> dict[Escape, int]:
        """How often each happened, ordered."""
        return dict(sorted(self._counts.items()))

    def note(self, kind: str, what: str, where: str = "") -> None:
        """Note one. Without a place it is that of the caller."""
        self._counts[Escape(kind, what, where or place_of(sys._getframe(1)))] += 1

    def switch_on(self) -> None:
        """Note what the interpreter tells from now on."""
        global _current
        if not _hooked:
            _hooked.append(True)
            sys.addaudithook(_hook)
        _current = self

    def switch_off(self) -> None:
        """Note nothing more."""
        global _current
        _current = None


_current: Escapes | None = None
_hooked: list[bool] = []


def _hook(event: str, args: tuple[Any, ...]) -> None:
    # Called for each of the interpreter's audit events, so what is no escape must be told at once.
    if _current is not None and (told := _TELLERS.get(event)) is not None:
        told(_current, args)


# Modules of the standard library that ask a program about the system, and wait for what it says.
_ASKING = frozenset({"ctypes.util", "platform", "uuid", "sysconfig"})


def _process(escapes: Escapes, args: tuple[Any, ...]) -> None:
    frame = sys._getframe(2)
    while frame is not None:
        if frame.f_globals.get("__name__") in _ASKING:
            return
        frame = frame.f_back  # type: ignore[assignment]
    # A path and the words of the command; or the command alone; or nothing, in a fork.
    command = args[min(1, len(args) - 1)] if args else "fork"
    if isinstance(command, bytes | str) or not isinstance(command, Iterable):
        command = [command]
    words = [each.decode() if isinstance(each, bytes) else str(each) for each in command]
    escapes.note("process", " ".join(words))


def _socket(escapes: Escapes, args: tuple[Any, ...]) -> None:
    escapes.note("socket", str(args[1]))


def _look_up(escapes: Escapes, args: tuple[Any, ...]) -> None:
    escapes.note("name look-up", str(args[0]))


_TELLERS: dict[str, Callable[[Escapes, tuple[Any, ...]], None]] = {
    "subprocess.Popen": _process,
    "os.posix_spawn": _process,
    "os.system": _process,
    "os.fork": _process,
    "os.forkpty": _process,
    "socket.connect": _socket,
    "socket.sendto": _socket,
    "socket.bind": _socket,
    "socket.getaddrinfo": _look_up,
    "socket.gethostbyname": _look_up,
}
