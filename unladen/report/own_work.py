"""What a report says of the work that an SDK does itself in a run, and of the memory it takes."""

from __future__ import annotations

from unladen.report.commit_results import CommitResults
from unladen.report.document import Prose
from unladen.report.figures import share


def say_own_work(
    text: Prose, results: CommitResults, run: str, rest: str = "", **fixed: str
) -> None:
    """Add how much of a run's work is the SDK's own, and what memory the run takes.

    ``run``: the class of its series, whose parameters are ``fixed``; ``rest``: what follows about
    all that is not the SDK's own.
    """
    own = results.value(f"{run}.track_sdk_bytecodes", **fixed)
    every = results.value(f"{run}.track_bytecodes", **fixed)
    if own and every:
        text.say(
            "The SDK executes {} bytecodes in its own files, {} of all that are executed"
            f"{rest}.",
            own,
            share(own, every),
        )
    text.say(
        "It holds up to {} at its peak, and {} once it is over and its result is kept.",
        results.value(f"{run}.track_traced_peak", **fixed),
        results.value(f"{run}.track_retained_bytes", **fixed),
    )
