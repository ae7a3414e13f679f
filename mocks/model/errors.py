"""What a provider answers in place of a reply. Drivers translate them into their SDK's errors."""


class ModelError(Exception):
    """The provider did not give a reply; ``status`` is the HTTP status it would have sent."""

    status = 500


class RateLimited(ModelError):
    """429: too many requests. ``retry_after`` is in seconds, ``None`` if the provider hides it."""

    status = 429

    def __init__(self, retry_after: float | None) -> None:
        hint = "" if retry_after is None else f", retry after {retry_after:g} s"
        super().__init__(f"429 too many requests{hint}")
        self.retry_after = retry_after


class Disconnected(ModelError):
    """The connection broke before the reply was complete."""

    status = 502


class Unserved(ModelError):
    """503: the provider cannot serve the request now."""

    status = 503


class GatewayTimeout(ModelError):
    """504: the provider gave up on its own model."""

    status = 504
