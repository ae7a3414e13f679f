"""A limit on the memory that a process may ask for: what it has, and some headroom.

Kind: exact, if what is asked for in one piece is well above the headroom or well below it.
Unit: bytes of address space.
Cost: two system calls, and one allocation that is refused.
Blind spots: Linux only; address space is not resident memory, and a thread's stack or a mapped
file counts too. What Python's allocator has free from earlier work is not asked for again.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_STATM = Path("/proc/self/statm")


@contextmanager
def limited_to(headroom: int) -> Iterator[None]:
    """While it lasts, this process gets at most ``headroom`` bytes more than it has.

    What is beyond fails, in Python with ``MemoryError``. Raises NotImplementedError, with the
    reason, where the system does not limit address space.
    """
    if not sys.platform.startswith("linux"):
        raise NotImplementedError(f"{sys.platform} does not limit a process's address space")
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    limit = _size() + headroom
    try:
        resource.setrlimit(resource.RLIMIT_AS, (limit, before[1]))
    except (OSError, ValueError) as error:
        raise NotImplementedError(f"the limit is refused: {error}") from error
    try:
        _require_effect(headroom)
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def _size() -> int:
    """Bytes of address space that this process has."""
    return int(_STATM.read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")


def _require_effect(headroom: int) -> None:
    try:
        bytearray(2 * headroom)
    except MemoryError:
        return
    raise NotImplementedError("the system takes the limit and does not keep to it")
