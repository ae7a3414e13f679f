"""Ends the processes of a command that was killed: ``python -IS process_watcher.py``.

A command that gets SIGKILL can clean up nothing, and asv's fork servers would wait for the next
benchmark for ever. So its processes are named to this one, over a pipe whose other end closes when
the command ends, however it ends. Works on every POSIX system, and leaves the measured processes
exactly as they are: nothing is put into them.

Read from standard input: ``+N`` for a process group that was started, ``-N`` for one whose leader
was waited for, a line each.
"""

import os
import signal
import sys
from collections.abc import Iterable


def watch(lines: Iterable[bytes]) -> None:
    """Follow ``lines`` to their end, then kill the groups that were not waited for."""
    groups: set[int] = set()
    for line in lines:
        change, group = line[:1], int(line[1:])
        if change == b"+":
            groups.add(group)
        else:
            groups.discard(group)
    for group in groups:
        try:
            os.killpg(group, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue  # ended by itself; macOS says the latter of a group of zombies


if __name__ == "__main__":
    watch(sys.stdin.buffer)
