"""Peak resident memory of a call: how many bytes of physical memory it needed beyond the start.

Kind: sampled. Unit: bytes. Linux only.
Cost: one full collection and three accesses to /proc (2 ms with 17 000 objects); the call itself is
not slowed down.
Blind spots: memory that the allocator kept from earlier work and hands out again is not growth, so
the first of several calls usually shows more than the later ones; pages of files mapped by imports
count; child processes do not; memory comes in pages, and kernels may count late by some dozens of
pages per thread or processor (none seen on Linux 6.18: 50 MB were measured to the page), so that
values below a megabyte deserve no trust.
``ru_maxrss`` is no substitute: it survives fork and exec, and so starts at the parent's size.
"""

import gc
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")

_CLEAR_REFS = Path("/proc/self/clear_refs")
_STATUS = Path("/proc/self/status")
# Documented in proc_pid_clear_refs(5): resets the peak resident set size to the current one.
_RESET_PEAK = "5"


@dataclass(frozen=True, slots=True)
class Peak(Generic[T]):
    """What a call returned, and the resident bytes it needed at most above the start."""

    bytes: int
    result: T


def require_support() -> None:
    """Raise NotImplementedError, with the reason, where peak memory cannot be measured."""
    _reset_peak()


def peak_rss(call: Callable[[], T]) -> Peak[T]:
    """Run ``call`` once, from a collected heap, and return its peak bytes with its result.

    Raises NotImplementedError where ``require_support`` does.
    """
    gc.collect()
    _reset_peak()
    before = _status_bytes("VmRSS")
    result = call()
    return Peak(max(0, _status_bytes("VmHWM") - before), result)


def _reset_peak() -> None:
    if not sys.platform.startswith("linux"):
        raise NotImplementedError(f"peak memory is read from /proc, which {sys.platform} lacks")
    try:
        _CLEAR_REFS.write_text(_RESET_PEAK)
    except OSError as error:
        raise NotImplementedError(f"this kernel cannot reset the peak memory: {error}") from error


def _status_bytes(field: str) -> int:
    """The value of a memory field of /proc/self/status, which gives kibibytes as ``kB``."""
    for line in _STATUS.read_text().splitlines():
        name, _, value = line.partition(":")
        if name == field:
            return int(value.split()[0]) * 1024
    raise NotImplementedError(f"/proc/self/status has no {field}")
