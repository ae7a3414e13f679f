"""The real clock: functions of module `time` as they were before `install` replaced them."""

from time import (
    monotonic,
    monotonic_ns,
    perf_counter,
    perf_counter_ns,
    sleep,
    time,
    time_ns,
)

__all__ = [
    "monotonic",
    "monotonic_ns",
    "perf_counter",
    "perf_counter_ns",
    "sleep",
    "time",
    "time_ns",
]
