"""TLS that is none, for a client that is led to a plain server of ours."""

import ssl
from typing import Any

from mocks.net.sockets import VirtualSocket


class PlainTLS(ssl.SSLObject):
    """What `ssl.SSLContext.wrap_bio` gives, with bytes that pass through as they are.

    asyncio and anyio put TLS between themselves and any connection with such an object. No
    certificate is shown, none is checked, and no protocol is agreed on.
    """

    def __init__(
        self,
        context: ssl.SSLContext,
        incoming: ssl.MemoryBIO,
        outgoing: ssl.MemoryBIO,
        server_hostname: str,
    ) -> None:
        self._shown_context = context
        self._incoming = incoming
        self._outgoing = outgoing
        self._server_hostname = server_hostname

    @property
    def context(self) -> ssl.SSLContext:
        """The context that it was asked of."""
        return self._shown_context

    @context.setter
    def context(self, context: ssl.SSLContext) -> None:
        self._shown_context = context

    @property
    def session(self) -> None:  # type: ignore[override]
        """None can be taken up again."""
        return None

    @property
    def session_reused(self) -> bool:
        """None was taken up again."""
        return False

    @property
    def server_side(self) -> bool:
        """It is a client's."""
        return False

    @property
    def server_hostname(self) -> str:
        """The name that the client gave."""
        return self._server_hostname

    def read(self, len: int = 1024, buffer: Any = None) -> Any:
        """See `ssl.SSLObject.read`. Raises `ssl.SSLWantReadError` if nothing is there yet."""
        if not self._incoming.pending and not self._incoming.eof:
            raise ssl.SSLWantReadError(ssl.SSL_ERROR_WANT_READ, "nothing to read")
        if buffer is None:
            return self._incoming.read(len)
        view = memoryview(buffer).cast("B")
        data = self._incoming.read(min(len, view.nbytes) if len > 0 else view.nbytes)
        # `len` is the name that the base class gives the argument.
        count = view[: data.__len__()].nbytes
        view[:count] = data
        return count

    def write(self, data: Any) -> int:
        """See `ssl.SSLObject.write`."""
        return self._outgoing.write(data)

    def pending(self) -> int:
        """See `ssl.SSLObject.pending`."""
        return self._incoming.pending

    def do_handshake(self) -> None:
        """There is nothing to agree on."""

    def unwrap(self) -> None:
        """Nothing is said at the end."""

    def getpeercert(self, binary_form: bool = False) -> Any:
        """No certificate, as of a server that is not verified."""
        return None if binary_form else {}

    def version(self) -> str:
        """What clients take for good enough."""
        return "TLSv1.3"

    def cipher(self) -> None:
        """None."""

    def shared_ciphers(self) -> None:
        """None."""

    def compression(self) -> None:
        """None."""

    def selected_alpn_protocol(self) -> None:
        """None: HTTP/1.1 it is."""

    def selected_npn_protocol(self) -> None:
        """None."""

    def get_channel_binding(self, cb_type: str = "tls-unique") -> None:
        """None."""


class PlainTLSSocket(VirtualSocket):
    """What `ssl.SSLContext.wrap_socket` gives, with bytes that pass through as they are."""

    __slots__ = ()

    def do_handshake(self, block: bool = False) -> None:
        """There is nothing to agree on."""

    def unwrap(self) -> VirtualSocket:
        """Nothing is said at the end."""
        return self

    def read(self, len: int = 1024, buffer: Any = None) -> Any:
        """See `ssl.SSLSocket.read`."""
        return self.recv(len) if buffer is None else self.recv_into(buffer, len)

    def write(self, data: Any) -> int:
        """See `ssl.SSLSocket.write`."""
        return self.send(data)

    def pending(self) -> int:
        """See `ssl.SSLSocket.pending`."""
        return 0

    def getpeercert(self, binary_form: bool = False) -> Any:
        """No certificate, as of a server that is not verified."""
        return None if binary_form else {}

    def version(self) -> str:
        """What clients take for good enough."""
        return "TLSv1.3"

    def cipher(self) -> None:
        """None."""

    def compression(self) -> None:
        """None."""

    def selected_alpn_protocol(self) -> None:
        """None: HTTP/1.1 it is."""
