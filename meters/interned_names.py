"""CPython's table of interned names, brought to the size that its content wants.

Names in code that is compiled, and keys that are made, are interned: all in one table. A name that
is made and dropped takes a place in it until it is made anew, so that it grows at a moment that
depends on how many names the process had before: with a template engine that compiles a template in
each run 1.9 MB came up in some processes and not in others. It is CPython's memory and no SDK's.

Cost: 50 to 150 ms, which is worth it where work is done hundreds of times (``meters.leak``). Blind
spots: a table of more than 262,144 places stays as it is.
"""

import sys
import tracemalloc
from collections import deque

_MOST = 200_000
"""Names that fill up any table of so many places."""
_AT_ONCE = 4_000
_TABLE_BYTES = 100_000
"""Less than the table of a process that has begun."""


def settle() -> None:
    """Have the table made anew, where allocations are being traced: then it is as large as for so
    many names, whatever came and went before. Resets the traced peak."""
    for start in range(0, _MOST, _AT_ONCE):
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        names = map("name {}".format, range(start, start + _AT_ONCE))
        deque(map(sys.intern, names), maxlen=0)
        if tracemalloc.get_traced_memory()[1] - before > _TABLE_BYTES:
            return  # for a moment there were two tables
