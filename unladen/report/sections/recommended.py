"""The settings that follow from what a provider's limits do."""

from __future__ import annotations

import math

from unladen.report.commit_results import CommitResults
from unladen.report.document import Block, Bullets, Paragraph, Spans, listed, sentence
from unladen.report.figures import Fact, derived, rough

CAPACITY = "negotiation.limits.Capacity"
WAITING = "negotiation.memory.Waiting"

_MARGIN = 1.5
"""A time-out is recommended this many times above the longest wait that was measured."""
_GIGABYTE = 1e9


def recommended(results: CommitResults) -> list[Block]:
    """Concurrency and time-outs, as far as there are figures to rest them on."""
    items: list[Spans] = []
    most = results.series(f"{CAPACITY}.track_runs")
    if most is not None:
        parts: list[Spans] = [
            [figure, " with “", Fact(params["provider"]), "”"]
            for params, figure in most.figures()
            if figure.value
        ]
        if parts:
            items.append(
                sentence("Concurrency: start no more negotiations at once than {}.", listed(parts))
            )
    items += _offer_timeout(results)
    items += _confirmation(results)
    if not items:
        return []
    return [
        Paragraph(sentence("Recommended settings, and the figures they rest on:")),
        Bullets(items),
    ]


def _offer_timeout(results: CommitResults) -> list[Spans]:
    waits = results.series(f"{CAPACITY}.track_longest_offer_wait")
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
            Fact(params["provider"]),
        )
    ]


def _confirmation(results: CommitResults) -> list[Spans]:
    held = results.value(f"{WAITING}.track_bytes")
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
