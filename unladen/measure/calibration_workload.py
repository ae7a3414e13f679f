"""A fixed piece of pure Python whose CPU time tells how fast the host is just now.

Run as a script by the interpreter of a benchmark environment (``unladen.measure.calibration``
does). It imports the standard library only, reads nothing, and does the same work each time: no
address, hash seed or random number can reach it. Any change of the work, or of how it is timed,
needs a new ``unladen.measure.calibration.VERSION``.
"""

import gc
import json
import time

REPETITIONS = 32
ROUNDS = 150


class Offer:
    """What the work is done on."""

    __slots__ = ("agent", "price", "words")

    def __init__(self, agent: int, price: int) -> None:
        """An offer of an agent."""
        self.agent = agent
        self.price = price
        self.words = [agent, price]

    def cost(self, tax: int) -> int:
        """A number that depends on all of it."""
        return self.price * tax + len(self.words)


def work() -> int:
    """Calls, attributes, lists, dicts, closures, generators and text: what SDKs spend their own
    time on. Returns a number that depends on every step."""
    total = 0
    for round_ in range(ROUNDS):
        offers = [Offer(agent, (agent * 7919 + round_) % 101) for agent in range(20)]
        ranked = sorted(offers, key=lambda offer: offer.price)
        by_price: dict[int, list[Offer]] = {}
        for offer in ranked:
            by_price.setdefault(offer.price % 8, []).append(offer)
        total += sum(offer.cost(round_) for group in by_price.values() for offer in group)
        text = ",".join([f"{offer.agent}:{offer.price}" for offer in ranked])
        total += len(text.split(","))
    return total


def timed() -> float:
    """CPU seconds of one ``work()``."""
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    """Print, as JSON, the CPU seconds of the fastest repetition and what the work came to."""
    gc.disable()
    # The first repetition also compiles and specialises; the minimum leaves it out.
    print(json.dumps({"seconds": min(timed() for _ in range(REPETITIONS)), "check": work()}))


if __name__ == "__main__":
    main()
