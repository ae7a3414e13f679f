"""Whether a thread waits for the world: for a socket, a process, or a lock that is not ours."""

import os
import time


class Watched:
    """Looks at one thread of this process now and then.

    Linux tells whether a thread is runnable, and how much CPU it has had. A thread that waits for
    the interpreter's lock sleeps too, so it takes two looks: the CPU must stand still.
    """

    def __init__(self, ident: int, native_id: int) -> None:
        self._stat = f"/proc/self/task/{native_id}/stat"
        self._clock = time.pthread_getcpuclockid(ident)
        self._cpu = -1

    def is_at_work(self) -> bool:
        """Whether it has run since the last look, or is about to run, or reads a disk."""
        cpu = time.clock_gettime_ns(self._clock)
        ran, self._cpu = cpu != self._cpu, cpu
        try:
            state = _read(self._stat).rpartition(b")")[2].split()[0]
        except (OSError, IndexError):
            return ran
        return ran or state in b"RD"


def _read(path: str) -> bytes:
    """A short file, in as little memory as can be: a program may be measured meanwhile."""
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.read(file, 4096)
    finally:
        os.close(file)
