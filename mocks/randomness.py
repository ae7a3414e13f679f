"""What a program draws by chance, the same in every process: pauses before retries have jitter."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable

SEED = 1


def seed() -> Callable[[], None]:
    """Begin the shared generator of `random`, and of NumPy where it is loaded, at the same place
    each time. Gives what puts both back. Generators of a program's own, and what comes from the
    system (`secrets`, `uuid4`, `SystemRandom`), stay by chance."""
    state = random.getstate()
    random.seed(SEED)
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is None:
        return lambda: random.setstate(state)
    numpy_state = numpy_random.get_state()
    numpy_random.seed(SEED)

    def put_back() -> None:
        random.setstate(state)
        numpy_random.set_state(numpy_state)

    return put_back
