"""Where a live model is, and what opens it: read from the environment, checked before use."""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

URL = "UNLADEN_LIVE_URL"
KEY = "UNLADEN_LIVE_KEY"
MODEL = "UNLADEN_LIVE_MODEL"
PRICE_IN = "UNLADEN_LIVE_PRICE_IN"
PRICE_OUT = "UNLADEN_LIVE_PRICE_OUT"
TIMEOUT = "UNLADEN_LIVE_TIMEOUT"
PLAIN_HTTP = "UNLADEN_LIVE_PLAIN_HTTP"

DEFAULT_TIMEOUT_S = 60.0


class BadSettings(Exception):
    """A setting cannot be used; one line that names the variable, never the key."""


class NoEndpoint(Exception):
    """The environment names no live model; one line that says which variable to set."""


@dataclass(frozen=True, slots=True)
class Prices:
    """US dollars for a million tokens."""

    tokens_in: float
    tokens_out: float

    def cost(self, tokens_in: int, tokens_out: int) -> float:
        """US dollars."""
        return (tokens_in * self.tokens_in + tokens_out * self.tokens_out) / 1e6


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An OpenAI-compatible endpoint. ``url`` is its base, such as ``https://host/v1``;
    ``timeout`` is the longest that one call may take, in seconds.

    The key is not in the ``repr``; ``hide`` takes it out of a text that came from outside.
    """

    url: SplitResult
    key: str = field(repr=False)
    model: str
    timeout: float = DEFAULT_TIMEOUT_S
    prices: Prices | None = None

    @classmethod
    def from_environment(cls, variables: Mapping[str, str]) -> Endpoint:
        """Raises ``NoEndpoint`` where the key, the URL or the model is not set, ``BadSettings``
        where one cannot be used."""
        given = {name: value.strip() for name, value in variables.items()}
        for name, what in ((KEY, "key"), (URL, "endpoint"), (MODEL, "model")):
            if not given.get(name):
                raise NoEndpoint(f"no {what}: set {name} (docs/live.md)")
        return cls(
            url=_url(given[URL], plain_http=given.get(PLAIN_HTTP) == "1"),
            key=_key(given[KEY]),
            model=given[MODEL],
            timeout=_number(TIMEOUT, given.get(TIMEOUT) or str(DEFAULT_TIMEOUT_S)),
            prices=_prices(given.get(PRICE_IN), given.get(PRICE_OUT)),
        )

    @property
    def path(self) -> str:
        """Where completions are asked for."""
        return f"{self.url.path}/chat/completions"

    def hide(self, text: str) -> str:
        """``text`` without the key."""
        return text.replace(self.key, "[key]")


def is_loopback(host: str) -> bool:
    """Whether only this machine is reached under the name or address ``host``."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _url(text: str, *, plain_http: bool) -> SplitResult:
    # What is wrong is said without the text: people put keys into URLs.
    try:
        url = urlsplit(text)
        host, _ = url.hostname, url.port
    except ValueError as error:
        raise BadSettings(f"{URL} is no URL") from error
    if url.scheme not in {"http", "https"} or not host:
        raise BadSettings(f"{URL} must be a URL such as https://host/v1")
    if url.username is not None or url.query or url.fragment:
        raise BadSettings(f"{URL} must be without user, query and fragment; the key goes to {KEY}")
    if not (text.isascii() and text.isprintable() and " " not in text):
        raise BadSettings(f"{URL} has characters that no URL has")
    if url.scheme == "http" and not (is_loopback(host) or plain_http):
        raise BadSettings(
            f"{URL} would send the key over the network unencrypted: use https, "
            f"or set {PLAIN_HTTP}=1 if that is meant"
        )
    return url._replace(path=url.path.rstrip("/").removesuffix("/chat/completions"))


def _key(text: str) -> str:
    # http.client shows the whole header, key included, when it refuses a character in it.
    if not (text.isascii() and text.isprintable() and " " not in text):
        raise BadSettings(f"{KEY} has characters that no key has")
    return text


def _prices(tokens_in: str | None, tokens_out: str | None) -> Prices | None:
    if not tokens_in and not tokens_out:
        return None
    if not tokens_in or not tokens_out:
        raise BadSettings(f"set both {PRICE_IN} and {PRICE_OUT}, or none")
    return Prices(
        _number(PRICE_IN, tokens_in, zero=True), _number(PRICE_OUT, tokens_out, zero=True)
    )


def _number(name: str, text: str, *, zero: bool = False) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value < 0 or (value == 0 and not zero):
        least = "0 or more" if zero else "above 0"
        raise BadSettings(f"{name} must be a number {least}")
    return value
