"""Runs pytest once for each line it reads, in a fork of this process, which has imported already
what most tests import of others: so a mutant costs its tests, and not a start of Python.

A line is a list in JSON: seconds at most, and pytest's arguments. The answer is a line: pytest's
exit code, or ``null`` if it took longer.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import time

import asv.config  # noqa: F401
import hypothesis  # noqa: F401
import numpy  # noqa: F401
import pytest

SHORT = 0.005
"""Seconds between two looks at whether it has ended."""


def main() -> None:
    """Answer until there are no more lines."""
    for line in sys.stdin:
        limit, arguments = json.loads(line)
        print(json.dumps(_ended(limit, arguments)), flush=True)


def _ended(limit: float, arguments: list[str]) -> int | None:
    process = os.fork()
    if process == 0:
        _run(arguments)
    end = time.monotonic() + limit
    try:
        while True:
            found, status = os.waitpid(process, os.WNOHANG)
            if found:
                return os.waitstatus_to_exitcode(status)
            if time.monotonic() > end:
                return None
            time.sleep(SHORT)
    finally:
        with contextlib.suppress(ProcessLookupError):  # nothing is left of it
            os.killpg(process, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(process, 0)


def _run(arguments: list[str]) -> None:
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    os._exit(int(pytest.main(arguments)))


if __name__ == "__main__":
    main()
