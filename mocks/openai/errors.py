"""An endpoint's refusals and failures as the model errors that drivers know."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import urlsplit

from mocks.model import ModelError, RateLimited
from mocks.openai.endpoint import URL, Endpoint

_SHOWN = 200
"""Characters of an endpoint's own words that are kept."""


class EndpointError(ModelError):
    """The endpoint gave no usable reply; ``status`` is what it sent, or what fits best."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"{status} {message}")
        self.status = status


def malformed(why: str) -> EndpointError:
    """The endpoint answered, but not with a completion."""
    return EndpointError(HTTPStatus.BAD_GATEWAY, f"the answer is no chat completion: {why}")


def refusal(
    endpoint: Endpoint, status: int, body: bytes, *, location: str = "", retry_after: str = ""
) -> ModelError:
    """The error for a status other than 200. Never contains the key."""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited(seconds_to_wait(retry_after, datetime.now(UTC)))
    if 300 <= status < 400:
        # Followed nowhere: another host must not get the key, and a POST would become a GET.
        where = endpoint.hide(urlsplit(location).netloc.rpartition("@")[2]) or "elsewhere"
        return EndpointError(status, f"the endpoint redirects to {where}: set {URL} to where it is")
    # Their escaped form could hide the key, so words are taken out of the JSON first.
    words = " ".join(endpoint.hide(_message(body)).split())[:_SHOWN]
    return EndpointError(status, words or "without a reason")


def seconds_to_wait(retry_after: str, now: datetime) -> float | None:
    """``Retry-After`` (seconds, or an HTTP date) in seconds from ``now``; None if it says nothing
    (RFC 9110, 10.2.3)."""
    try:
        seconds = float(retry_after)
    except ValueError:
        try:
            date = parsedate_to_datetime(retry_after)
        except ValueError:
            return None
        seconds = (date.replace(tzinfo=date.tzinfo or UTC) - now).total_seconds()
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _message(body: bytes) -> str:
    """``error.message`` of an OpenAI-style error, else the body itself."""
    text = body.decode(errors="replace")
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return text
    error = content.get("error") if isinstance(content, dict) else None
    message = error.get("message") if isinstance(error, dict) else error
    return message if isinstance(message, str) else text
