"""The network itself: who listens where, who is connected to whom, what can be read."""

import asyncio
import errno
import heapq
import os
import selectors
import socket
import stat
from collections import deque
from collections.abc import Callable

from mocks.net.arrivals import arrivals_on
from mocks.net.connection import Connection, Dial
from mocks.net.counts import Tally
from mocks.net.end import End
from mocks.net.link import Lane, Link
from mocks.net.names import LOOPBACK, Address, Names, is_own, is_wildcard

# Above what a process may have open, so that none of its descriptors is taken for one of ours.
_FIRST_FD = 1 << 30
_EPHEMERAL = range(49152, 65536)
# What Linux gives a server that does not answer at all: six repetitions.
_UNANSWERED_S = 127.0
_INSTANT = Link()


class Stack:
    """Listeners and connections of one loop. What happens at once happens inside the calls of
    `End`; what takes time, by `Arrivals`."""

    def __init__(self, loop: asyncio.AbstractEventLoop, link: Link) -> None:
        self.loop = loop
        self.link = link
        self.names = Names()
        self.ends: dict[int, End] = {}
        self.candidates: dict[End, None] = {}  # may have become readable or writable, in order
        self.links: dict[Address, Link] = {}
        self.aliases: dict[Address, Address] = {}
        self.silent: set[Address] = set()
        self.tallies: dict[Address, Tally] = {}
        self.total = Tally()
        self.refused: list[Address] = []
        self.blocked: dict[Address, None] = {}
        self.is_off = False
        self.is_inside: Callable[[], bool] = _nobody_is
        self.arrivals = arrivals_on(loop)
        self.time: Callable[[], float] = loop.time
        self.registered: dict[int, selectors.SelectorKey] = {}
        self._next_fd = _FIRST_FD
        self._free_fds: list[int] = []
        self._next_port = _EPHEMERAL.start
        self._bound: dict[Address, list[End]] = {}

    def enrol(self, end: End) -> int:
        """The lowest free number for `end`, by which it is known until it is dismissed."""
        if self._free_fds:
            fd = heapq.heappop(self._free_fds)
        else:
            fd = self._next_fd
            self._next_fd += 1
        self.ends[fd] = end
        return fd

    def dismiss(self, end: End) -> None:
        """`end` is closed."""
        del self.ends[end.fd]
        heapq.heappush(self._free_fds, end.fd)
        self.registered.pop(end.fd, None)
        self.candidates.pop(end, None)
        if end.local is not None and end in self._bound.get(end.local, ()):
            self._bound[end.local].remove(end)
            if not self._bound[end.local]:
                del self._bound[end.local]

    def wake(self, end: End) -> None:
        """Whether `end` can be read or written may have changed."""
        if not end.closed:
            self.candidates[end] = None
        for waiter in end.waiters:
            waiter.set()
        if self.arrivals.hurry is not None:
            self.arrivals.hurry()

    def bind(self, end: End, address: Address) -> None:
        """Give `end` an address. Raises OSError if another end has it."""
        if isinstance(address, str):
            _make_socket_file(address)
        else:
            host, port = address
            address = (_canonical(self.names.address_of(host) if host else host), port)
            if not port:
                address = (address[0], self._free_port())
            for other, ends in self._bound.items():
                if _collide(other, address) and not (
                    _shares_port(end) and all(map(_shares_port, ends))
                ):
                    raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))
        self.claim(end, address)

    def claim(self, end: End, address: Address) -> None:
        """Give `end` an address that it has already, from elsewhere."""
        if not isinstance(address, str):
            address = (_canonical(address[0]), address[1])
        end.local = address
        self._bound.setdefault(address, []).append(end)

    def listen(self, end: End) -> None:
        """Let connections be made to `end`."""
        if end.local is None:
            self.bind(end, ("0.0.0.0", 0))
        if end.backlog is None:
            end.backlog = deque()

    def connect(self, end: End, address: Address) -> None:
        """Ask for a connection to `address`.

        Raises `BlockingIOError` if it takes time, `ConnectionRefusedError`, or another OSError.
        """
        if end.connecting:
            raise OSError(errno.EALREADY, os.strerror(errno.EALREADY))
        if end.lane is not None:
            raise OSError(errno.EISCONN, os.strerror(errno.EISCONN))
        dial = self._dial(address)
        end.remote = dial.numeric
        if dial.dialled in self.silent:
            self.arrivals.at(self.time() + _UNANSWERED_S, self._fail, end, errno.ETIMEDOUT)
        elif dial.link.delay_s:
            self.arrivals.at(self.time() + dial.link.delay_s, self._asked, end, dial)
        else:
            server = self._served(dial)
            if server is None:
                raise OSError(errno.ECONNREFUSED, _nobody(dial))
            self._join(end, server, dial)
            return
        end.connecting = True
        raise OSError(errno.EINPROGRESS, os.strerror(errno.EINPROGRESS))

    def leads_elsewhere(self, host: str) -> bool:
        """Whether some port of `host` is an alias."""
        name = self.names.name_of(self.names.address_of(host))
        return any(not isinstance(address, str) and address[0] == name for address in self.aliases)

    def refuse(self, address: Address) -> None:
        """Put down that `address` was dialled in vain."""
        self.tally(address).refused += 1
        self.total.refused += 1
        self.refused.append(address)

    def tally(self, address: Address) -> Tally:
        """Where what comes to `address` is counted."""
        return self.tallies.setdefault(address, Tally())

    def close(self) -> None:
        """Forget what is on its way. The ends that are left can only be closed."""
        self.is_off = True
        self.arrivals.clear()
        self.candidates.clear()

    def _dial(self, address: Address) -> Dial:
        if isinstance(address, str):
            return Dial(address, address, self.aliases.get(address, address), _INSTANT)
        host, port = address
        numeric = self.names.address_of(host or LOOPBACK)
        if is_wildcard(numeric):
            numeric = LOOPBACK
        dialled = (self.names.name_of(numeric), port)
        to = self.aliases.get(dialled, (_canonical(numeric), port))
        link = self.links.get(dialled) or self.links.get(to) or self.link
        return Dial(dialled, (numeric, port), to, link)

    def _served(self, dial: Dial) -> End | None:
        """Who takes the connection. One that nobody takes is put down as refused."""
        server = self._listener(dial.to)
        if server is None:
            self.refuse(dial.dialled)
        return server

    def _listener(self, address: Address) -> End | None:
        places = [address]
        if not isinstance(address, str) and is_own(address[0]):
            places += [(host, address[1]) for host in ("0.0.0.0", "::")]
        for place in places:
            for end in self._bound.get(place, ()):
                if end.backlog is not None:
                    # Those that share a port take turns.
                    self._bound[place].remove(end)
                    self._bound[place].append(end)
                    return end
        return None

    def _asked(self, end: End, dial: Dial) -> None:
        """The wish for a connection has come to the server's machine."""
        server = self._served(dial)
        when = self.time() + dial.link.delay_s
        if server is None:
            self.arrivals.at(when, self._fail, end, errno.ECONNREFUSED)
        else:
            self.arrivals.at(when, self._join, end, server, dial)

    def _fail(self, end: End, error: int) -> None:
        if not end.closed:
            end.failed(error)

    def _join(self, client: End, server: End, dial: Dial) -> None:
        """The client knows that there is a connection; the server will when it hears of that."""
        if client.closed:
            return
        if client.local is None:
            port = self._free_port()
            client.local = "" if isinstance(dial.to, str) else (LOOPBACK, port)
        accepted = End(self, server.family, server.proto, None)
        accepted.local = dial.to
        accepted.remote = client.local
        tallies = [self.tally(address) for address in dict.fromkeys((dial.dialled, dial.to))]
        connection = Connection(client, (self.total, *tallies))
        there = Lane(dial.link, self.time, self.arrivals)
        back = Lane(dial.link, self.time, self.arrivals)
        client.connected(accepted, there, connection)
        accepted.connected(client, back, connection)
        there.signal(self._queue, server, accepted)

    def _queue(self, server: End, accepted: End) -> None:
        if server.closed or server.backlog is None:
            accepted.reset()
            accepted.close()
        else:
            server.backlog.append(accepted)
            self.wake(server)

    def _free_port(self) -> int:
        taken = {address[1] for address in self._bound if not isinstance(address, str)}
        while True:
            port = self._next_port
            self._next_port += 1
            if self._next_port == _EPHEMERAL.stop:
                self._next_port = _EPHEMERAL.start
            if port not in taken:
                return port


def _nobody_is() -> bool:
    """Whether the calling thread takes turns with the loop."""
    return False


def _nobody(dial: Dial) -> str:
    where = dial.dialled if isinstance(dial.dialled, str) else "{}:{}".format(*dial.dialled)
    return f"Connection refused: nobody serves {where} on the virtual network"


def _canonical(host: str) -> str:
    """One address for what is the same machine under IPv4 and IPv6."""
    if host == "::1":
        return LOOPBACK
    return "0.0.0.0" if is_wildcard(host) else host


def _collide(one: Address, other: Address) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    same_host = one[0] == other[0] or is_wildcard(one[0]) or is_wildcard(other[0])
    return one[1] == other[1] and same_host


def _shares_port(end: End) -> bool:
    return bool(end.options.get((socket.SOL_SOCKET, socket.SO_REUSEPORT)))


def _make_socket_file(path: str) -> None:
    """What is at the path of a unix socket is looked at, chmodded and removed by programs."""
    if path.startswith("\0"):
        return
    try:
        os.mknod(path, stat.S_IFSOCK | 0o777)
    except FileExistsError:
        raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE)) from None
