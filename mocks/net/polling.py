"""`select.poll` and `select.select` for sockets of a virtual network.

Connection pools ask so, without waiting, whether the other side has closed an idle connection.
"""

import select
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mocks.net.end import End

_real_poll = select.poll
_real_select = select.select

FindEnd = Callable[[int], End | None]


class NetworkPoll:
    """What `select.poll()` gives: ends that are ready, before what the real one says."""

    def __init__(self, find: FindEnd) -> None:
        self._find = find
        self._real = _real_poll()
        self._asked: dict[int, int] = {}

    def register(
        self, fd: Any, eventmask: int = select.POLLIN | select.POLLPRI | select.POLLOUT, /
    ) -> None:
        """See `select.poll`."""
        number = _number(fd)
        if self._find(number) is None:
            self._real.register(fd, eventmask)
        else:
            self._asked[number] = eventmask

    def modify(self, fd: Any, eventmask: int, /) -> None:
        """See `select.poll`."""
        number = _number(fd)
        if number in self._asked:
            self._asked[number] = eventmask
        else:
            self._real.modify(fd, eventmask)

    def unregister(self, fd: Any, /) -> None:
        """See `select.poll`."""
        number = _number(fd)
        if number in self._asked:
            del self._asked[number]
        else:
            self._real.unregister(fd)

    def poll(self, timeout: float | None = None, /) -> list[tuple[int, int]]:
        """See `select.poll`. It does not wait for an end, which nothing could change meanwhile."""
        ready = [(fd, self._events(fd, mask)) for fd, mask in self._asked.items()]
        found = [(fd, events) for fd, events in ready if events]
        return found + self._real.poll(0 if self._asked else timeout)

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
    """What `select.select` gives; it does not wait if one of the files is an end."""
    readers, our_readers = _split(find, rlist)
    writers, our_writers = _split(find, wlist)
    others, _ = _split(find, xlist)
    ours = bool(our_readers or our_writers)
    found = _real_select(readers, writers, others, 0 if ours else timeout)
    return (
        [file for file, end in our_readers.items() if end.is_readable] + found[0],
        [file for file, end in our_writers.items() if end.is_writable] + found[1],
        found[2],
    )


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
