"""Stands in for Towow's vendor client, which no mock negotiation calls."""


class AsyncAnthropic:
    """The name that Towow's annotations need."""


class APIError(Exception):
    """The names that Towow's handlers need."""


class APIStatusError(APIError):
    pass


class AuthenticationError(APIStatusError):
    pass


class RateLimitError(APIStatusError):
    pass
