"""How many requests were sent in any window of time: what a rate limit counts.

Kind: exact when the times are exact (a virtual clock). Unit: seconds of the times' clock.
Cost: none; computed after the run.
Blind spots: requests only; not tokens, and not who sent them.
"""

import math
from collections.abc import Iterable


def seconds_above(times: Iterable[float], limit: int, window: float = 60.0) -> float:
    """Seconds in which more than ``limit`` of the requests sent at ``times`` are younger than
    ``window`` seconds.

    A request is ``window`` seconds old no longer in the window. The last window is counted to its
    end, whenever the run that sent the requests was over. Raises ``ValueError`` for a limit below
    0 or a window that is not above 0.
    """
    if limit < 0 or window <= 0:
        raise ValueError(f"no rate: {limit} requests in {window} s")
    sent = sorted(times)
    above = 0.0
    until = -math.inf
    # With request i the limit is exceeded until the one ``limit`` places before it has left.
    for oldest, newest in zip(sent, sent[limit:], strict=False):
        leaves = oldest + window
        if newest < leaves:
            above += leaves - max(newest, until)
            until = leaves
    return above
