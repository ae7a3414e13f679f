"""CPython's table of interned names, kept from growing inside a measurement.

Names in code that is compiled, and keys that are made, are interned: all in one table, which grows
at a moment that depends on how many names the process had before. A template engine that compiles a
template in each run had 1.9 MB come up in some processes and not in others. It is CPython's memory
and no SDK's, so it gets its room beforehand.

Cost: some 50 ms of a process, once, which is worth it where work is done hundreds of times
(``meters.leak``). Blind spots: a measurement that interns more names than there were before may
make the table grow after all.
"""

import os
import sys
import tracemalloc
from collections import deque

_MOST = 200_000
"""Names after which it is given up: no process that was seen has so large a table."""
_AT_ONCE = 4_000
_TABLE_BYTES = 100_000
"""Less than the table of a process that has begun."""

_roomy_in = 0


def make_room() -> None:
    """Have the table grow now, where allocations are being traced and it has not been done in this
    process: then there is room for as many names as there are.

    A name that is made and dropped takes a place in the table until that grows.
    """
    global _roomy_in
    if _roomy_in == os.getpid():
        return
    _roomy_in = os.getpid()
    for start in range(0, _MOST, _AT_ONCE):
        before = tracemalloc.get_traced_memory()[0]
        names = map("room {}".format, range(start, start + _AT_ONCE))
        deque(map(sys.intern, names), maxlen=0)
        if tracemalloc.get_traced_memory()[0] - before > _TABLE_BYTES:
            return
