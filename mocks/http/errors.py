"""Why an exchange did not come to its end."""

from __future__ import annotations

from enum import StrEnum


class HttpFailure(Exception):
    """There is no whole response."""


class Unreachable(HttpFailure):
    """No connection was made: refused, reset, or no such host."""


class BrokenOff(HttpFailure):
    """The other side ended the connection before its message was complete."""


class NoHttp(HttpFailure):
    """What came is not HTTP/1.1."""


class Stage(StrEnum):
    """What a client waited for."""

    CONNECT = "connection"
    FIRST_BYTE = "first byte"
    TOTAL = "whole response"


class TimedOut(HttpFailure):
    """The client gave up after ``seconds`` of waiting for ``stage``."""

    def __init__(self, stage: Stage, seconds: float) -> None:
        super().__init__(f"no {stage} within {seconds:g} s")
        self.stage = stage
        self.seconds = seconds
