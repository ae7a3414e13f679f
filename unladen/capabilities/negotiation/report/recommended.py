"""What a negotiation's waiting costs, and the time-outs that follow from it."""

from __future__ import annotations

import math

from unladen.report.commit_results import CommitResults
from unladen.report.document import Block, Prose, Spans, sentence
from unladen.report.figures import Fact, derived, rough

CAPABILITY = "negotiation"
WAITING = f"{CAPABILITY}.memory.Waiting.track_bytes"

_MARGIN = 1.5
"""A time-out is recommended this many times above the longest wait that was measured."""
_GIGABYTE = 1e9


def time_outs(results: CommitResults) -> list[Spans]:
    """As far as there are figures to rest them on."""
    return [*_offer_timeout(results), *_confirmation(results)]


def waiting(results: CommitResults) -> list[Block]:
    """What a negotiation holds while it waits for its user."""
    text = Prose()
    text.say("A negotiation that waits for its user to confirm holds {}.", results.value(WAITING))
    return text.paragraph()


def _offer_timeout(results: CommitResults) -> list[Spans]:
    waits = results.asked(CAPABILITY, "capacity.longest_step")
    if waits is None:
        return []
    params, longest = max(waits.figures(), key=lambda pair: pair[1].value)
    seconds = math.ceil(longest.value * _MARGIN)
    return [
        sentence(
            "Time-out of an offer: no less than {}. At the recommended concurrency the longest "
            "wait for an offer is {}, with “{}”, its wait in the provider's queue included; the "
            "rest is a margin of half as much again. A slower model needs it in proportion.",
            derived(seconds, f"{seconds} s", [longest]),
            longest,
            Fact(params[waits.axis("provider")]),
        )
    ]


def _confirmation(results: CommitResults) -> list[Spans]:
    held = results.value(WAITING)
    if held is None or held.value <= 0:
        return []
    waiting = _GIGABYTE / held.value
    return [
        sentence(
            "Time-out of the confirmation: as long as users need. A negotiation that waits for its "
            "user holds {} and neither a model call nor a slot, so a gigabyte carries about {} of "
            "them: the time-out is a matter of the product, not of resources.",
            held,
            derived(waiting, rough(waiting), [held]),
        )
    ]
