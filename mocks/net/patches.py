"""What is replaced in the process while a virtual network is on.

Sockets that a program makes itself come onto the network when it binds or connects them in the
thread, and while, the network's loop runs, or in one that takes turns with it. In every other
thread and on every other loop all stays as it is. TLS with a name that is led elsewhere is none,
wherever it is asked for.
"""

import asyncio
import select
import selectors
import socket
import ssl
from collections.abc import Callable
from typing import Any

from mocks.net.end import End
from mocks.net.names import AddressInfo
from mocks.net.plain_tls import PlainTLS, PlainTLSSocket
from mocks.net.polling import NetworkPoll, network_select
from mocks.net.sockets import VirtualSocket, move_inside
from mocks.net.stack import Stack

_stacks: dict[asyncio.AbstractEventLoop, Stack] = {}
_replaced: list[tuple[object, str, object]] = []
_MISSING = object()

_bind: Callable[..., None] = socket.socket.bind
_listen: Callable[..., None] = socket.socket.listen
_connect: Callable[..., None] = socket.socket.connect
_connect_ex: Callable[..., int] = socket.socket.connect_ex
_getaddrinfo = socket.getaddrinfo
_gethostbyname = socket.gethostbyname
_wrap_bio = ssl.SSLContext.wrap_bio
_wrap_socket = ssl.SSLContext.wrap_socket


def put_on(loop: asyncio.AbstractEventLoop, stack: Stack) -> None:
    """Let what runs on `loop` find `stack`. Raises RuntimeError if there is a network on it."""
    if loop in _stacks:
        raise RuntimeError("there is a network on this loop already")
    _stacks[loop] = stack
    if len(_stacks) == 1:
        _replace(socket.socket, "bind", _bind_inside)
        _replace(socket.socket, "listen", _listen_inside)
        _replace(socket.socket, "connect", _connect_inside)
        _replace(socket.socket, "connect_ex", _connect_ex_inside)
        _replace(socket, "getaddrinfo", _getaddrinfo_inside)
        _replace(socket, "gethostbyname", _gethostbyname_inside)
        _replace(ssl.SSLContext, "wrap_bio", _wrap_bio_inside)
        _replace(ssl.SSLContext, "wrap_socket", _wrap_socket_inside)
        _replace(select, "poll", _Poll)
        _replace(select, "select", _select_inside)
        _replace(selectors.PollSelector, "_selector_cls", _Poll)
        _replace(selectors.SelectSelector, "_select", staticmethod(_select_inside))


def take_off(loop: asyncio.AbstractEventLoop) -> None:
    """Undo `put_on`."""
    del _stacks[loop]
    if not _stacks:
        for where, name, before in reversed(_replaced):
            if before is _MISSING:
                delattr(where, name)
            else:
                setattr(where, name, before)
        _replaced.clear()


def _replace(where: object, name: str, by: object) -> None:
    _replaced.append((where, name, vars(where).get(name, _MISSING)))
    setattr(where, name, by)


def _running_stack() -> Stack | None:
    loop = asyncio._get_running_loop()
    if loop is not None:
        return _stacks.get(loop)
    return next((stack for stack in _stacks.values() if stack.is_inside()), None)


def _find_end(fd: int) -> End | None:
    for stack in _stacks.values():
        if fd in stack.ends:
            return stack.ends[fd]
    return None


class _Poll(NetworkPoll):
    """What `select.poll()` gives while a network is on."""

    def __init__(self) -> None:
        super().__init__(_find_end)


def _select_inside(*args: Any) -> tuple[list[Any], list[Any], list[Any]]:
    return network_select(_find_end, *args)


def _goes_inside(sock: socket.socket) -> bool:
    stack = _running_stack()
    return stack is not None and move_inside(sock, stack)


def _bind_inside(sock: socket.socket, address: Any, /) -> None:
    if _goes_inside(sock):
        sock.bind(address)
    else:
        _bind(sock, address)


def _listen_inside(sock: socket.socket, *backlog: int) -> None:
    if _goes_inside(sock):
        sock.listen(*backlog)
    else:
        _listen(sock, *backlog)


def _connect_inside(sock: socket.socket, address: Any, /) -> None:
    if _goes_inside(sock):
        sock.connect(address)
    else:
        _connect(sock, address)


def _connect_ex_inside(sock: socket.socket, address: Any, /) -> int:
    if _goes_inside(sock):
        return sock.connect_ex(address)
    return _connect_ex(sock, address)


def _getaddrinfo_inside(*args: Any, **kwargs: Any) -> list[AddressInfo]:
    stack = _running_stack()
    if stack is None:
        return list(_getaddrinfo(*args, **kwargs))
    return lookup(stack, *args, **kwargs)


def _gethostbyname_inside(hostname: str, /) -> str:
    stack = _running_stack()
    return _gethostbyname(hostname) if stack is None else stack.names.address_of(hostname)


def lookup(
    stack: Stack,
    host: Any,
    port: Any,
    family: int = 0,
    type: int = 0,
    proto: int = 0,
    flags: int = 0,
) -> list[AddressInfo]:
    """`socket.getaddrinfo` on the network of `stack`."""
    return stack.names.lookup(host, port, family, type, proto, flags)


def _wrap_bio_inside(
    context: ssl.SSLContext,
    incoming: ssl.MemoryBIO,
    outgoing: ssl.MemoryBIO,
    server_side: bool = False,
    server_hostname: str | bytes | None = None,
    session: ssl.SSLSession | None = None,
) -> ssl.SSLObject:
    if not server_side and server_hostname:
        name = server_hostname if isinstance(server_hostname, str) else server_hostname.decode()
        if _leads_elsewhere(name):
            return PlainTLS(context, incoming, outgoing, name)
    return _wrap_bio(context, incoming, outgoing, server_side, server_hostname, session)


def _wrap_socket_inside(
    context: ssl.SSLContext, sock: socket.socket, *args: Any, **kwargs: Any
) -> socket.socket:
    if not isinstance(sock, VirtualSocket):
        return _wrap_socket(context, sock, *args, **kwargs)
    name = kwargs.get("server_hostname")
    if not isinstance(name, str) or not _leads_elsewhere(name):
        raise ssl.SSLError(
            f"TLS over a blocking socket needs an alias of the virtual network, not {name!r}"
        )
    sock.__class__ = PlainTLSSocket
    return sock


def _leads_elsewhere(name: str) -> bool:
    return any(stack.leads_elsewhere(name) for stack in _stacks.values())
