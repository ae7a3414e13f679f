"""A network in memory, for one loop."""

import asyncio
import errno
import math
import socket
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from mocks.net.counts import Counts, Tally
from mocks.net.end import End
from mocks.net.link import Link
from mocks.net.names import Address, AddressInfo
from mocks.net.patches import lookup, put_on, take_off
from mocks.net.selector import NetworkSelector
from mocks.net.sockets import move_inside
from mocks.net.stack import Stack

# What of the loop is replaced, by a method of the same name.
_OF_LOOP = (
    "getaddrinfo",
    "getnameinfo",
    "sock_connect",
    "sock_accept",
    "create_datagram_endpoint",
)


class Network:
    """Context manager that puts a network in memory on `loop`, and takes it off.

    While it is on, what serves and dials on that loop does so in memory: sockets are ones without
    descriptor, over which asyncio's own servers, transports and streams work as ever. Whatever
    waits for the network waits in the loop's time.

    Args:
        loop: a selector loop, virtual or not, that is not running.
        delay_s: seconds that a packet travels, either way; a connection is made in two of them.
        bytes_per_s: bandwidth of each connection, each way.
        window_bytes: most bytes that are sent one way and not read: more wait in the sender.

    Attributes:
        refused: addresses that were dialled, that nobody served and that are not allowed, in the
            order of the calls: each is a call that would have left the network. By name where it
            was dialled by name.
        blocked: addresses at which a blocking socket waited in the loop's own thread.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        *,
        delay_s: float = 0.0,
        bytes_per_s: float = math.inf,
        window_bytes: int = 256 * 1024,
    ) -> None:
        self._loop = loop
        self._stack = Stack(loop, Link(delay_s, bytes_per_s, window_bytes))
        self._allowed: set[Address] = set()
        self._replaced: dict[str, Any] = {}

    def __enter__(self) -> Self:
        put_on(self._loop, self._stack)
        namespace = vars(self._loop)
        for name in _OF_LOOP:
            self._replaced[name] = getattr(self._loop, name)
            namespace[name] = getattr(self, f"_{name}")
        namespace["_selector"] = NetworkSelector(self._stack, namespace["_selector"])
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        namespace = vars(self._loop)
        namespace["_selector"] = namespace["_selector"].below
        for name in _OF_LOOP:
            del namespace[name]
        self._replaced.clear()
        take_off(self._loop)
        self._stack.close()

    @property
    def refused(self) -> tuple[Address, ...]:
        """See above."""
        return tuple(address for address in self._stack.refused if not self._is_allowed(address))

    @property
    def blocked(self) -> tuple[Address, ...]:
        """See above."""
        return tuple(self._stack.blocked)

    def allow(self, host: str, port: int | None = None) -> None:
        """Let `host` be dialled in vain, on any port if that is None."""
        name, _ = self._stack.names.known_as(host, port or 0)
        self._allowed.add(name if port is None else (name, port))

    def alias(self, address: Address, *, to: Address) -> None:
        """Lead connections to `address` to the one that serves at `to`."""
        self._stack.aliases[self._named(address)] = self._named(to)

    def link(
        self,
        address: Address,
        *,
        delay_s: float = 0.0,
        bytes_per_s: float = math.inf,
        window_bytes: int = 256 * 1024,
    ) -> None:
        """Say what lies before `address`, for connections from now on."""
        self._stack.links[self._named(address)] = Link(delay_s, bytes_per_s, window_bytes)

    def silence(self, address: Address) -> None:
        """Let `address` not answer at all: connections are not refused, and not made."""
        self._stack.silent.add(self._named(address))

    def take_in(self, is_inside: Callable[[], bool]) -> None:
        """Let threads that take turns with the loop use the network, with sockets that block.

        `is_inside` says whether the calling thread is one of them, or the loop's. Where one has to
        wait, it waits for a `threading.Event`, which must give its turn to others. In the loop's
        own thread no callback of the loop runs meanwhile, so only other threads can end that.
        """
        self._stack.is_inside = is_inside

    def join(self, loop: asyncio.AbstractEventLoop) -> Callable[[int], End | None]:
        """Let what runs on another `loop` find this network, until it leaves.

        Gives what finds the end of a descriptor; its selector has to ask for those.
        """
        put_on(loop, self._stack)
        return self._stack.ends.get

    def leave(self, loop: asyncio.AbstractEventLoop) -> None:
        """Undo `join`."""
        take_off(loop)

    def take(self, sock: socket.socket) -> None:
        """Bring a socket of a loop that has joined onto the network, if it is not there."""
        move_inside(sock, self._stack)

    def counts(self, address: Address | None = None) -> Counts:
        """What came to `address`, as it was dialled or where it was served; of all if None."""
        if address is not None:
            return self._stack.tallies.get(self._named(address), Tally()).counts()
        return self._stack.total.counts()

    def _named(self, address: Address) -> Address:
        if isinstance(address, str):
            return address
        return self._stack.names.known_as(*address)

    def _is_allowed(self, address: Address) -> bool:
        return address in self._allowed or (
            not isinstance(address, str) and address[0] in self._allowed
        )

    async def _getaddrinfo(
        self,
        host: Any,
        port: Any,
        *,
        family: int = 0,
        type: int = 0,
        proto: int = 0,
        flags: int = 0,
    ) -> list[AddressInfo]:
        return lookup(self._stack, host, port, family, type, proto, flags)

    async def _getnameinfo(self, sockaddr: Any, flags: int = 0) -> tuple[str, str]:
        host, port = sockaddr[:2]
        if flags & socket.NI_NUMERICHOST:
            return str(host), str(port)
        return self._stack.names.name_of(str(host)), str(port)

    async def _sock_connect(self, sock: socket.socket, address: Any) -> None:
        move_inside(sock, self._stack)
        await self._replaced["sock_connect"](sock, address)

    async def _sock_accept(self, sock: socket.socket) -> tuple[socket.socket, Any]:
        move_inside(sock, self._stack)
        accepted: tuple[socket.socket, Any] = await self._replaced["sock_accept"](sock)
        return accepted

    async def _create_datagram_endpoint(
        self,
        protocol_factory: Any,
        local_addr: Any = None,
        remote_addr: Any = None,
        **options: Any,
    ) -> Any:
        if remote_addr is not None:
            self._stack.refuse(self._named((remote_addr[0], remote_addr[1])))
        raise OSError(errno.ENETUNREACH, "the virtual network carries no datagrams")
