"""Processes whose addresses do not depend on chance.

CPython keeps things by address: the method cache holds names that C code made up for one look-up
until another name falls into the same slot, sets of types iterate in the order of their addresses.
With the kernel's randomisation of addresses, a peak of 60 kB moved by 58 bytes in about half of the
processes; without it, in none of 8 that were started alike.

``python meters/addresses.py SCRIPT ...`` runs a script that way, ``python -c`` and ``-m`` likewise;
all processes that it starts inherit it. Cost: one more exec, about 15 ms. Blind spots: Linux only,
and a container may forbid it; then the program runs as it would have without. Addresses still
depend on all that a process did before (environment variables, modules compiled or loaded from a
cache), so a series that they can move states a tolerance.
"""

import ctypes
import os
import sys

_PERSONALITY_NOW = 0xFFFFFFFF
_NO_RANDOMISATION = 0x0040000  # ADDR_NO_RANDOMIZE in linux/personality.h


def are_random() -> bool:
    """Whether this process's addresses are randomised, as far as the kernel says."""
    return sys.platform == "linux" and not _personality(_PERSONALITY_NOW) & _NO_RANDOMISATION


def run_without_randomisation(arguments: list[str]) -> None:
    """Replace this process by this Python with ``arguments``, addresses not randomised if the
    kernel allows it. Does not return."""
    if are_random():
        _personality(_personality(_PERSONALITY_NOW) | _NO_RANDOMISATION)
    os.execv(sys.executable, [sys.executable, *arguments])


def _personality(wanted: int) -> int:
    """The personality before; a refusal (-1) changes nothing."""
    libc = ctypes.CDLL(None)
    libc.personality.argtypes = [ctypes.c_ulong]
    libc.personality.restype = ctypes.c_int
    return int(libc.personality(wanted))


if __name__ == "__main__":
    run_without_randomisation(sys.argv[1:])
