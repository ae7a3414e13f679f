"""Names and addresses of hosts: a name gets an address when it is first asked for."""

import ipaddress
import socket
from functools import lru_cache
from typing import Any

Address = tuple[str, int] | str
"""Host and port; or the path of a unix socket, which begins with a null byte if abstract."""

AddressInfo = tuple[socket.AddressFamily, socket.SocketKind, int, str, Any]

LOOPBACK = "127.0.0.1"
_WILDCARDS = frozenset({"", "0.0.0.0", "::"})
# Of the range that is set aside for benchmarks of networks, RFC 2544.
_FIRST = int(ipaddress.IPv4Address("198.18.0.1"))


class Names:
    """A resolver that knows every name.

    This machine's names have the address 127.0.0.1. Any other gets one that nobody else has, so
    that what is dialled by its address can be told by its name.
    """

    def __init__(self) -> None:
        self._addresses: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._own = {"localhost", "localhost.localdomain", socket.gethostname().lower()}

    def address_of(self, host: str) -> str:
        """The numeric address of `host`, a name or a numeric address."""
        name = host.partition("%")[0].rstrip(".").lower()
        if name in self._own:
            return LOOPBACK
        if numeric := _numeric(name):
            return numeric
        if name not in self._addresses:
            address = str(ipaddress.IPv4Address(_FIRST + len(self._addresses)))
            self._addresses[name] = address
            self._names[address] = name
        return self._addresses[name]

    def name_of(self, address: str) -> str:
        """The name that was asked for and has this `address`; else the address."""
        return self._names.get(address, address)

    def known_as(self, host: str, port: int) -> tuple[str, int]:
        """The one address by which one that may be written in several ways is known."""
        return self.name_of(self.address_of(host)), port

    def lookup(
        self,
        host: str | bytes | None,
        port: str | bytes | int | None,
        family: int = 0,
        kind: int = 0,
        proto: int = 0,
        flags: int = 0,
    ) -> list[AddressInfo]:
        """What `socket.getaddrinfo` gives: one address, for a stream unless `kind` is another.

        Raises `socket.gaierror` if `family` does not fit the address, or the port is no port.
        """
        if isinstance(host, bytes):
            host = host.decode("ascii")
        number = _port(port)
        if not host:
            address = "0.0.0.0" if flags & socket.AI_PASSIVE else LOOPBACK
            if family == socket.AF_INET6:
                address = "::" if flags & socket.AI_PASSIVE else "::1"
        else:
            address = self.address_of(host)
            if family == socket.AF_INET6 and address == LOOPBACK:
                address = "::1"
        version = socket.AF_INET6 if ":" in address else socket.AF_INET
        if family not in (0, version):
            raise socket.gaierror(
                socket.EAI_ADDRFAMILY, "Address family for hostname not supported"
            )
        sockaddr: Any = (address, number)
        if version == socket.AF_INET6:
            sockaddr = (address, number, 0, 0)
        kind = kind or socket.SOCK_STREAM
        if not proto:
            proto = socket.IPPROTO_UDP if kind == socket.SOCK_DGRAM else socket.IPPROTO_TCP
        return [(version, socket.SocketKind(kind), proto, "", sockaddr)]


def is_wildcard(host: str) -> bool:
    """Whether a server at `host` is there for every address of its machine."""
    return host in _WILDCARDS


def is_own(address: str) -> bool:
    """Whether a numeric `address` is one of this machine's."""
    return is_wildcard(address) or _is_loopback(address)


@lru_cache(maxsize=1024)
def _numeric(name: str) -> str:
    """A numeric address in its usual form; empty if it is a name."""
    try:
        return str(ipaddress.ip_address(name))
    except ValueError:
        return ""


@lru_cache(maxsize=1024)
def _is_loopback(address: str) -> bool:
    return ipaddress.ip_address(address).is_loopback


def _port(port: str | bytes | int | None) -> int:
    if port is None:
        return 0
    if isinstance(port, bytes):
        port = port.decode("ascii")
    try:
        return int(port)
    except ValueError:
        pass
    try:
        return socket.getservbyname(str(port))
    except OSError:
        raise socket.gaierror(
            socket.EAI_SERVICE, "Servname not supported for ai_socktype"
        ) from None
