"""Which end of a connection sends what the other one reads: of ``asyncio``'s transports.

Kind: exact. Cost: a microsecond each time that something is sent; part of
``meters.critical_path``.
Blind spots: sockets without names, and what is sent without a transport.
"""

from __future__ import annotations

from asyncio import selector_events
from typing import Any

ConnectionEnd = tuple[object, ...]
"""The names of a socket: its own, and that of the other end. Empty if they are not known."""

_TRANSPORT: Any = selector_events._SelectorSocketTransport  # type: ignore[attr-defined]
_SENDS = ("write", "writelines", "write_eof", "close", "abort")
SENDS = frozenset(id(getattr(_TRANSPORT, name).__code__) for name in _SENDS)
"""The code of what sends something or closes a connection, whose ``self`` is the transport; by
identity, for to compare code objects takes longer."""


def near_end(transport: object) -> ConnectionEnd:
    """The names of a transport's socket."""
    extra = getattr(transport, "_extra", None) or {}
    own, other = extra.get("sockname"), extra.get("peername")
    return (own, other) if own and other else ()


def read_from(callback: object) -> ConnectionEnd:
    """The other end, of a callback that reads what comes from there; empty of any other."""
    is_read = getattr(callback, "__func__", None) is _TRANSPORT._read_ready
    return near_end(getattr(callback, "__self__", None))[::-1] if is_read else ()
