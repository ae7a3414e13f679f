"""What is counted of a program with threads does not turn on how long these take in real time."""

from __future__ import annotations

import asyncio
import hashlib

from meters import bytecodes, calls
from mocks.clock import LastingClock
from mocks.machine import Machine

ROUNDS = 1_000_000
"""Of a hash: some tenths of a second, in one call."""


async def program(rounds: int) -> bytes:
    return await asyncio.to_thread(hashlib.pbkdf2_hmac, "sha256", b"secret", b"salt", rounds)


def test_a_slow_thread_is_looked_after_uncounted() -> None:
    with LastingClock() as clock, Machine(clock):

        def counted(rounds: int) -> tuple[int, int]:
            called = calls.count(lambda: clock.run(program(rounds)))
            inside = bytecodes.count(lambda: clock.run(program(rounds)), [__file__])
            assert (
                called.result
                == inside.result
                == hashlib.pbkdf2_hmac("sha256", b"secret", b"salt", rounds)
            )
            return called.total, inside.inside

        counted(1)
        assert counted(ROUNDS) == counted(1)
