"""What work leaves behind does not depend on how many names its process has interned before."""

from __future__ import annotations

from fresh_process import printed_by

RETAINED = """
import os, sys
from meters.leak import left_by

def work(first=30_000):
    for n in range(first, first + 30_000):
        sys.intern(f"new {n}")

for number in range(0, 60_000, 8_000):
    if os.fork() == 0:
        before = [sys.intern(f"before {n}") for n in range(number)]
        print(left_by(work, lambda: work(0)).bytes, flush=True)
        os._exit(0)
    os.wait()
"""


def test_the_table_of_names_grows_in_no_measurement_of_a_leak() -> None:
    found = printed_by(RETAINED, "0").split()
    assert len(found) == 8
    assert set(found) == {"0"}
