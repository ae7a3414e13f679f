"""`select.poll` and `select.select` for sockets of a virtual network.

Connection pools ask so, without waiting, whether the other side has closed an idle connection.
"""

import math
import select
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from mocks.net.end import End
from mocks.net.waiting import wait

T = TypeVar("T")

_real_poll = select.poll
_real_select = select.select

FindEnd = Callable[[int], End | None]


class NetworkPoll:
    """What `select.poll()` gives: ends that are ready, before what the real one says."""

    def __init__(self, find: FindEnd) -> None:
        self._find = find
        self._real: select.poll | None = None
        self._asked: dict[int, int] = {}

    def register(
        self, fd: Any, eventmask: int = select.POLLIN | select.POLLPRI | select.POLLOUT, /
    ) -> None:
        """See `select.poll`."""
        number = _number(fd)
        if self._find(number) is None:
            self._kernels().register(fd, eventmask)
        else:
            self._asked[number] = eventmask

    def modify(self, fd: Any, eventmask: int, /) -> None:
        """See `select.poll`."""
        number = _number(fd)
        if number in self._asked:
            self._asked[number] = eventmask
        else:
            self._kernels().modify(fd, eventmask)

    def unregister(self, fd: Any, /) -> None:
        """See `select.poll`."""
        number = _number(fd)
        if number in self._asked:
            del self._asked[number]
        else:
            self._kernels().unregister(fd)

    def poll(self, timeout: float | None = None, /) -> list[tuple[int, int]]:
        """See `select.poll`. Where it is asked for an end, it waits for ends only."""
        if not self._asked:
            return self._kernels().poll(timeout)
        if timeout == 0:
            return self._found()
        return _until_some(
            self._found,
            [end for end in map(self._find, self._asked) if end is not None],
            math.inf if timeout is None or timeout < 0 else timeout / 1000,
        )

    def _kernels(self) -> select.poll:
        if self._real is None:
            self._real = _real_poll()
        return self._real

    def _found(self) -> list[tuple[int, int]]:
        ready = [(fd, self._events(fd, mask)) for fd, mask in self._asked.items()]
        found = [(fd, events) for fd, events in ready if events]
        return found if self._real is None else found + self._real.poll(0)

    def _events(self, fd: int, mask: int) -> int:
        end = self._find(fd)
        if end is None:
            return select.POLLNVAL
        events = select.POLLIN if end.is_readable else 0
        if end.is_writable:
            events |= select.POLLOUT
        return events & mask


def network_select(
    find: FindEnd,
    rlist: Iterable[Any],
    wlist: Iterable[Any],
    xlist: Iterable[Any],
    timeout: float | None = None,
) -> tuple[list[Any], list[Any], list[Any]]:
    """What `select.select` gives. Where it is asked for an end, it waits for ends only."""
    readers, our_readers = _split(find, rlist)
    writers, our_writers = _split(find, wlist)
    others, _ = _split(find, xlist)
    if not our_readers and not our_writers:
        return _real_select(readers, writers, others, timeout)

    def found() -> list[tuple[list[Any], list[Any], list[Any]]]:
        real = _real_select(readers, writers, others, 0)
        to_read = [file for file, end in our_readers.items() if end.is_readable] + real[0]
        to_write = [file for file, end in our_writers.items() if end.is_writable] + real[1]
        return [(to_read, to_write, real[2])] if to_read or to_write or real[2] else []

    ends = [*our_readers.values(), *our_writers.values()]
    ready = _until_some(found, ends, math.inf if timeout is None else timeout)
    return ready[0] if ready else ([], [], [])


def _until_some(find: Callable[[], list[T]], ends: list[End], seconds: float) -> list[T]:
    """What `find` gives, as soon as that is something, or after so many seconds.

    Raises as `wait` if that takes time.
    """
    found = find()
    if found or not ends or seconds <= 0.0:
        return found
    until = ends[0].stack.time() + seconds
    while not found and seconds > 0.0 and wait(ends, seconds):
        found = find()
        seconds = until - ends[0].stack.time()
    return found


def _split(find: FindEnd, files: Iterable[Any]) -> tuple[list[Any], Mapping[Any, End]]:
    real = []
    ours: dict[Any, End] = {}
    for file in files:
        end = find(_number(file))
        if end is None:
            real.append(file)
        else:
            ours[file] = end
    return real, ours


def _number(fd: Any) -> int:
    return fd if isinstance(fd, int) else int(fd.fileno())
