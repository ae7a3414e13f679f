"""Which addresses may be loaded."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from unladen.errors import UserError
from unladen.text.terminal import printable


def checked_url(text: str, *, allow_remote: bool) -> str:
    """The URL of a service that may be loaded. Raises ``UserError``: it is none, or it is on
    another machine and nobody has said that this is meant."""
    try:
        url = urlsplit(text)
        host, _ = url.hostname or "", url.port
    except ValueError:
        host, url = "", urlsplit("")
    if url.scheme not in ("http", "https") or not host or url.query or url.fragment:
        raise UserError("--url must be a URL such as http://127.0.0.1:8000")
    if url.username is not None:
        raise UserError("--url must hold no key: set UNLADEN_LOAD_AUTHORIZATION")
    if not (text.isascii() and text.isprintable() and " " not in text):
        raise UserError("--url has characters that no URL has")
    if not allow_remote and not _is_loopback(host):
        raise UserError(
            f"{printable(host)} is not this machine: add --allow-remote if you may load it"
        )
    return text.rstrip("/")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
