"""Event loops that threads run by themselves, as with `asyncio.run`, on the clock of a machine."""

import asyncio
import selectors
import socket
import threading
from asyncio import events
from collections.abc import Callable, Mapping
from typing import Any

from mocks.inside.replacing import Replacements
from mocks.inside.threads import Threads
from mocks.net import Network
from mocks.net.end import End

Ready = list[tuple[selectors.SelectorKey, int]]

_real_new_event_loop = events.new_event_loop


def install(threads: Threads, network: Network, put: Replacements) -> None:
    """Have `asyncio.new_event_loop` give threads that are inside a `ThreadLoop`."""

    def new_event_loop() -> asyncio.AbstractEventLoop:
        if threads.current() is None:
            return _real_new_event_loop()
        return ThreadLoop(threads, network)

    put.everywhere(_real_new_event_loop, new_event_loop)


class ThreadLoop(asyncio.SelectorEventLoop):
    """The loop of a thread that is inside: it waits as the thread does, and gives its turn away."""

    def __init__(self, threads: Threads, network: Network) -> None:
        self._network = network
        self._threads = threads
        self._waiting = _ThreadSelector(network.join(self))
        super().__init__(self._waiting)

    def time(self) -> float:
        """Virtual seconds of the machine's clock."""
        return self._threads.loop.time()

    def close(self) -> None:
        """See `asyncio.loop.close`."""
        if not self.is_closed():
            self._network.leave(self)
        super().close()

    async def sock_connect(self, sock: socket.socket, address: Any) -> None:
        """See `asyncio.loop.sock_connect`."""
        self._network.take(sock)
        await super().sock_connect(sock, address)

    async def sock_accept(self, sock: socket.socket) -> tuple[socket.socket, Any]:
        """See `asyncio.loop.sock_accept`."""
        self._network.take(sock)
        return await super().sock_accept(sock)

    async def getaddrinfo(self, host: Any, port: Any, **options: Any) -> list[Any]:
        """See `asyncio.loop.getaddrinfo`."""
        return socket.getaddrinfo(host, port, **options)

    def _write_to_self(self) -> None:
        super()._write_to_self()  # type: ignore[misc]
        self._waiting.wake()


class _ThreadSelector(selectors.BaseSelector):
    """Waits for ends of the network, and for being woken, in virtual time."""

    def __init__(self, find: Callable[[int], End | None]) -> None:
        self._find = find
        self._below = selectors.DefaultSelector()
        self._ours: dict[int, selectors.SelectorKey] = {}
        self._happened = threading.Event()

    def wake(self) -> None:
        """End the wait, if there is one."""
        self._happened.set()

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        fd = _number(fileobj)
        if self._find(fd) is None:
            return self._below.register(fileobj, events, data)
        if fd in self._ours:
            raise KeyError(f"{fileobj!r} is already registered")
        key = self._ours[fd] = selectors.SelectorKey(fileobj, fd, events, data)
        return key

    def modify(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        fd = _number(fileobj)
        if fd not in self._ours:
            return self._below.modify(fileobj, events, data)
        key = self._ours[fd] = selectors.SelectorKey(fileobj, fd, events, data)
        return key

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        fd = _number(fileobj)
        return self._ours.pop(fd) if fd in self._ours else self._below.unregister(fileobj)

    def select(self, timeout: float | None = None) -> Ready:
        # A real descriptor besides the loop's own is none that virtual time could wait for.
        if len(self._below.get_map()) > 1:
            return self._ready() or self._below.select(timeout)
        ready = self._ready()
        if ready or (timeout is not None and timeout <= 0):
            return ready
        self._happened.clear()
        ends = [end for end in map(self._find, self._ours) if end is not None]
        for end in ends:
            end.waiters.append(self._happened)
        try:
            self._happened.wait(timeout)
        finally:
            for end in ends:
                end.waiters.remove(self._happened)
        return self._ready()

    def close(self) -> None:
        self._ours.clear()
        self._below.close()

    def get_key(self, fileobj: Any) -> selectors.SelectorKey:
        fd = _number(fileobj)
        return self._ours[fd] if fd in self._ours else self._below.get_key(fileobj)

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return {**self._below.get_map(), **self._ours}

    def _ready(self) -> Ready:
        ready = self._below.select(0)
        for fd, key in self._ours.items():
            end = self._find(fd)
            events = 0
            if end is not None and end.is_readable:
                events |= selectors.EVENT_READ
            if end is not None and end.is_writable:
                events |= selectors.EVENT_WRITE
            if events & key.events:
                ready.append((key, events & key.events))
        return ready


def _number(fileobj: Any) -> int:
    return fileobj if isinstance(fileobj, int) else int(fileobj.fileno())
