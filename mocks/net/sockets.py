"""Sockets of the process that are on a virtual network instead of in the kernel."""

import errno
import os
import socket
import weakref
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from mocks.net.end import End
from mocks.net.names import LOOPBACK, Address
from mocks.net.stack import Stack
from mocks.net.waiting import connect, patiently

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

_NO_DESCRIPTOR = -1
# Options that are looked at when a socket comes onto the network.
_CARRIED = ((socket.SOL_SOCKET, socket.SO_REUSEPORT),)

# By id: a class that takes the place of `socket.socket` can have no attributes of its own.
_ends: dict[int, End] = {}
_watched: dict[int, weakref.ref[socket.socket]] = {}


class VirtualSocket(socket.socket):
    """A `socket.socket` without descriptor. Where it may wait, it does so in virtual time, and only
    in a thread that takes turns with the loop."""

    __slots__ = ()

    @property
    def family(self) -> socket.AddressFamily:
        """As of any socket."""
        return socket.AddressFamily(_any_end(self).family)

    @property
    def type(self) -> socket.SocketKind:
        """As of any socket: that of a stream."""
        return socket.SOCK_STREAM

    @property
    def proto(self) -> int:
        """As of any socket."""
        return _any_end(self).proto

    @property
    def timeout(self) -> float | None:
        """As of any socket."""
        return _any_end(self).timeout

    def fileno(self) -> int:
        """Stands for a descriptor with the loop, `select.poll` and `select.select` only."""
        end = _ends.get(id(self))
        return _NO_DESCRIPTOR if end is None or end.closed else end.fd

    def bind(self, address: Any, /) -> None:
        """See `socket.socket.bind`."""
        end = _end(self)
        end.stack.bind(end, _inward(address))

    def listen(self, backlog: int = 0, /) -> None:
        """See `socket.socket.listen`. No connection is refused for want of room."""
        end = _end(self)
        end.stack.listen(end)

    def accept(self) -> tuple[socket.socket, Any]:
        """See `socket.socket.accept`."""
        end = _end(self)
        accepted = patiently(end, end.accept)
        sock = VirtualSocket.__new__(VirtualSocket)
        _become(sock, accepted)
        return sock, sock.getpeername()

    def connect(self, address: Any, /) -> None:
        """See `socket.socket.connect`."""
        end = _end(self)
        connect(end, lambda: end.stack.connect(end, _inward(address)))

    def connect_ex(self, address: Any, /) -> int:
        """See `socket.socket.connect_ex`."""
        try:
            self.connect(address)
        except OSError as error:
            return error.errno or 0
        return 0

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        """See `socket.socket.recv`."""
        end = _end(self)
        if end.timeout == 0.0 and not flags:
            return end.read(bufsize)
        return patiently(end, lambda: end.read(bufsize, peek=bool(flags & socket.MSG_PEEK)))

    def recv_into(self, buffer: "WriteableBuffer", nbytes: int = 0, flags: int = 0) -> int:
        """See `socket.socket.recv_into`."""
        view = memoryview(buffer).cast("B")
        data = self.recv(nbytes or len(view), flags)
        view[: len(data)] = data
        return len(data)

    def recvfrom(self, bufsize: int, flags: int = 0, /) -> tuple[bytes, Any]:
        """See `socket.socket.recvfrom`; of a stream the address is None."""
        return self.recv(bufsize, flags), None

    def send(self, data: "ReadableBuffer", flags: int = 0, /) -> int:
        """See `socket.socket.send`."""
        end = _end(self)
        view = data if type(data) is bytes else memoryview(data).cast("B")
        return end.write(view) if end.timeout == 0.0 else patiently(end, lambda: end.write(view))

    def sendall(self, data: "ReadableBuffer", flags: int = 0, /) -> None:
        """See `socket.socket.sendall`."""
        view = memoryview(data).cast("B")
        while view:
            view = view[self.send(view) :]

    def sendmsg(self, buffers: Iterable["ReadableBuffer"], *args: Any) -> int:
        """See `socket.socket.sendmsg`. No ancillary data is sent."""
        return self.send(b"".join(bytes(buffer) for buffer in buffers))

    def shutdown(self, how: int, /) -> None:
        """See `socket.socket.shutdown`."""
        if how != socket.SHUT_RD:
            _end(self).finish()

    def getsockname(self) -> Any:
        """See `socket.socket.getsockname`."""
        end = _end(self)
        return _outward(end.family, end.local)

    def getpeername(self) -> Any:
        """See `socket.socket.getpeername`."""
        end = _end(self)
        if end.lane is None:
            end.finish()  # raises that it is not connected
        return _outward(end.family, end.remote)

    def setsockopt(self, level: int, option: int, value: Any, *args: Any) -> None:
        """See `socket.socket.setsockopt`. Only lingering and shared ports have an effect."""
        _end(self).options[level, option] = value

    def getsockopt(self, level: int, option: int, buflen: int = 0, /) -> Any:
        """See `socket.socket.getsockopt`. What nobody set is 0."""
        end = _end(self)
        if (level, option) == (socket.SOL_SOCKET, socket.SO_ERROR):
            return end.take_error()
        return end.options.get((level, option), bytes(buflen) if buflen else 0)

    def setblocking(self, flag: bool, /) -> None:
        """See `socket.socket.setblocking`."""
        _end(self).timeout = None if flag else 0.0

    def settimeout(self, value: float | None, /) -> None:
        """See `socket.socket.settimeout`."""
        _end(self).timeout = value

    def gettimeout(self) -> float | None:
        """See `socket.socket.gettimeout`."""
        return _any_end(self).timeout

    def getblocking(self) -> bool:
        """See `socket.socket.getblocking`."""
        return _end(self).timeout != 0.0

    def detach(self) -> int:
        """There is no descriptor that could be given: raises OSError."""
        raise OSError("a socket of the virtual network has no descriptor")

    def dup(self) -> Self:
        """There is no descriptor that could be doubled: raises OSError."""
        raise OSError("a socket of the virtual network has no descriptor")

    def _real_close(self, *args: Any) -> None:
        end = _ends.get(id(self))
        if end is not None:
            end.close()


def _end(sock: socket.socket) -> End:
    """What is behind `sock`. Raises OSError if it is closed, or its network is off."""
    end = _ends.get(id(sock))
    if end is None or end.closed or end.stack.is_off:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    return end


def _any_end(sock: socket.socket) -> End:
    """What is, or was, behind `sock`. Raises OSError if it is collected already."""
    end = _ends.get(id(sock))
    if end is None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    return end


def move_inside(sock: socket.socket, stack: Stack) -> bool:
    """Put `sock`, which may be bound and may listen, onto the network of `stack`, in its place.

    Its descriptor is closed. Gives whether it is there then; it is not if it is no stream over IP
    or a unix path, or of a class of its own (as those of module `ssl`), or if it is connected.
    """
    if isinstance(sock, VirtualSocket):
        return True
    if not _fits(sock):
        return False
    end = End(stack, sock.family, sock.proto, sock.gettimeout())
    for level, option in _CARRIED:
        end.options[level, option] = sock.getsockopt(level, option)
    name = sock.getsockname()
    listens = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
    socket.socket._real_close(sock)  # type: ignore[attr-defined]
    sock.__class__ = VirtualSocket
    _become(sock, end)
    if name if isinstance(name, str) else name[1]:
        stack.claim(end, _inward(name))
    if listens:
        stack.listen(end)
    return True


def _fits(sock: socket.socket) -> bool:
    if type(sock) is not socket.socket:
        return False
    families = (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX)
    if sock.family not in families or sock.type != socket.SOCK_STREAM or sock.fileno() < 0:
        return False
    try:
        sock.getpeername()
    except OSError:
        return True
    return False


def _become(sock: socket.socket, end: End) -> None:
    number = id(sock)
    sock._closed = False  # type: ignore[attr-defined]
    sock._io_refs = 0  # type: ignore[attr-defined]
    _ends[number] = end

    # Of a ring of garbage this is called first; what is finalized then may still close the socket.
    def collected(_: weakref.ref[socket.socket]) -> None:
        del _watched[number]
        _ends.pop(number).close()

    _watched[number] = weakref.ref(sock, collected)


def _inward(address: Any) -> Address:
    if isinstance(address, bytes):
        return address.decode("utf-8", "surrogateescape")
    if isinstance(address, str):
        return address
    if isinstance(address, tuple):
        return str(address[0]), int(address[1])
    return str(address)


def _outward(family: int, address: Address | None) -> Any:
    if family == socket.AF_UNIX:
        return address or ""
    if address is None or isinstance(address, str):
        address = ("0.0.0.0", 0)
    if family != socket.AF_INET6:
        return address
    host = {LOOPBACK: "::1", "0.0.0.0": "::"}.get(address[0], address[0])
    return host, address[1], 0, 0
