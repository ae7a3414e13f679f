"""What a kernel keeps of a stream socket: here, of one that has no descriptor."""

import errno
import os
import socket
import struct
import threading
from collections import deque
from typing import TYPE_CHECKING

from mocks.net.bytequeue import ByteQueue
from mocks.net.link import Lane
from mocks.net.names import Address

if TYPE_CHECKING:
    from mocks.net.connection import Connection
    from mocks.net.stack import Stack

_LINGER = struct.Struct("ii")
_NOTHING = ByteQueue()


class End:
    """A stream socket: not connected, listening, or one end of a connection.

    It behaves as one of Linux does: what arrives can be read after the other side has closed; who
    writes to an end that is closed is reset; closing with bytes unread, or with lingering off,
    resets the other side.

    Attributes:
        fd: stands for a descriptor; no descriptor of the process has this number.
        timeout: seconds that a call may wait, None for ever, as `socket.gettimeout` gives it.
        held: bytes that were sent to this end and not read.
        waiters: threads that wait until it can be read or written.
    """

    def __init__(self, stack: "Stack", family: int, proto: int, timeout: float | None) -> None:
        self.stack = stack
        self.family = family
        self.proto = proto
        self.timeout = timeout
        self.options: dict[tuple[int, int], int | bytes] = {}
        self.local: Address | None = None
        self.remote: Address | None = None
        self.backlog: deque[End] | None = None  # connections not accepted; None: does not listen
        self.connection: Connection | None = None
        self.peer: End | None = None
        self.lane: Lane | None = None  # to the peer
        self.inbox = ByteQueue()
        self.held = 0
        self.waiters: list[threading.Event] = []
        self.connecting = False
        self.closed = False
        self.error = 0
        self._ended = False  # the other side sends no more
        self._reset = False
        self._finished = False  # this side sends no more
        self.fd = stack.enrol(self)

    @property
    def is_readable(self) -> bool:
        """Whether reading, or accepting, would not wait."""
        if self.backlog is not None:
            return bool(self.backlog)
        return bool(self.inbox) or self._ended or self._reset or self.error != 0

    @property
    def is_writable(self) -> bool:
        """Whether writing would not wait, or a connection is made or failed."""
        if self.error or self._reset:
            return True
        if self.connecting or self.lane is None or self.peer is None:
            return False
        return self._finished or self.peer.held < self.lane.link.window_bytes

    def read(self, count: int, *, peek: bool = False) -> bytes:
        """At most `count` bytes; none after the other side's end.

        Raises `BlockingIOError` if there are none yet, `ConnectionResetError`, or another OSError.
        """
        if self.inbox:
            if peek:
                return self.inbox.peek(count)
            return self._take(count)
        self._raise_error()
        if self._ended or self._reset:
            return b""
        if self.lane is None:
            raise _os_error(errno.ENOTCONN)
        raise _os_error(errno.EAGAIN)

    def write(self, data: bytes | memoryview) -> int:
        """Send what of `data` there is room for, and give how many bytes that is.

        Raises `BlockingIOError` if there is no room, `BrokenPipeError`, or another OSError.
        """
        self._raise_error()
        if self._finished or self._reset:
            raise _os_error(errno.EPIPE)
        peer, lane, connection = self.peer, self.lane, self.connection
        if lane is None or peer is None or connection is None:
            raise _os_error(errno.ENOTCONN)
        if self.family == socket.AF_UNIX and peer.closed:
            raise _os_error(errno.EPIPE)
        room = lane.link.window_bytes - peer.held
        if room <= 0:
            raise _os_error(errno.EAGAIN)
        piece = bytes(data[:room])
        if piece:
            peer.held += len(piece)
            connection.count(self, len(piece))
            lane.send(piece, peer.arrive)
        return len(piece)

    def finish(self) -> None:
        """Say that this side sends no more. Raises OSError if there is no other side."""
        if self.lane is None or self._reset:
            raise _os_error(errno.ENOTCONN)
        self._finish()

    def accept(self) -> "End":
        """The next connection. Raises `BlockingIOError` if there is none, or another OSError."""
        if self.backlog is None:
            raise _os_error(errno.EINVAL)
        if not self.backlog:
            raise _os_error(errno.EAGAIN)
        return self.backlog.popleft()

    def close(self) -> None:
        """Let go of the other side, or of all that are not accepted."""
        if self.closed:
            return
        self.closed = True
        self.stack.dismiss(self)
        if self.stack.is_off:
            return
        for waiting in self.backlog or ():
            waiting.reset()
            waiting.close()
        if self.connection is None or self.peer is None:
            return
        if self.inbox or self._resets_on_close():
            self.reset()
        else:
            self._finish()
        self.inbox = _NOTHING
        self.connection.one_side_closed()
        if self.peer.closed:
            # Nothing of the two is left then, but for what is on its way.
            self.peer.let_go()
            self.let_go()

    def reset(self) -> None:
        """Break the connection off."""
        if self.lane is not None and self.peer is not None and not self._reset:
            self._reset = True
            self.lane.signal(self.peer.arrive_reset)

    def let_go(self) -> None:
        """Forget the other side."""
        self.peer = self.lane = self.connection = None

    def take_error(self) -> int:
        """The error that waits to be told, which is told once; 0 if there is none."""
        error, self.error = self.error, 0
        return error

    def connected(self, peer: "End", lane: Lane, connection: "Connection") -> None:
        """Become one end of `connection`."""
        self.connecting = False
        self.peer, self.lane, self.connection = peer, lane, connection
        self.stack.wake(self)

    def failed(self, error: int) -> None:
        """The connection that is asked for is not made."""
        self.connecting = False
        self.error = error
        self.stack.wake(self)

    def arrive(self, piece: bytes) -> None:
        """`piece` has come from the other side."""
        if self.closed:
            if self.lane is not None and self.peer is not None:
                self.lane.signal(self.peer.arrive_reset)
        elif not self._reset:
            self.inbox.put(piece)
            self.stack.wake(self)

    def arrive_end(self) -> None:
        """The other side has said that it sends no more."""
        self._ended = True
        self.stack.wake(self)

    def arrive_reset(self) -> None:
        """The other side has broken the connection off."""
        if not self.closed and not self._reset:
            self._reset = True
            self.error = errno.EPIPE if self._ended else errno.ECONNRESET
            self.stack.wake(self)

    def _take(self, count: int) -> bytes:
        piece = self.inbox.take(count)
        lane, peer = self.lane, self.peer
        if lane is not None and peer is not None:
            was_full = self.held >= lane.link.window_bytes
            self.held -= len(piece)
            if was_full:
                self.stack.wake(peer)
        return piece

    def _finish(self) -> None:
        if not self._finished and not self._reset and self.lane and self.peer:
            self._finished = True
            self.lane.signal(self.peer.arrive_end)
            self.stack.wake(self)

    def _raise_error(self) -> None:
        error = self.take_error()
        if error:
            raise _os_error(error)

    def _resets_on_close(self) -> bool:
        linger = self.options.get((socket.SOL_SOCKET, socket.SO_LINGER))
        if not isinstance(linger, bytes) or len(linger) != _LINGER.size:
            return False
        on, seconds = _LINGER.unpack(linger)
        return bool(on) and seconds == 0


def _os_error(number: int) -> OSError:
    return OSError(number, os.strerror(number))
