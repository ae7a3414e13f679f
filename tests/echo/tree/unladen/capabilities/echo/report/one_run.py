"""What one echo is."""

from __future__ import annotations

from unladen.capabilities.echo.report.wording import WORDING
from unladen.report.commit_results import CommitResults
from unladen.report.document import Prose, Section

CLASS = "echo.baseline.Run"


def write(results: CommitResults) -> Section | None:
    """Its time, calls and work."""
    calls = results.series(f"{CLASS}.track_model_calls")
    if calls is None:
        return None
    text = Prose()
    made = calls.at()
    text.say(
        "An echo{} takes {} of virtual time and {}; the SDK executes {} bytecodes in its own "
        "files.",
        WORDING.size(calls),
        results.value(f"{CLASS}.track_makespan"),
        made and made.counted("model call", "model calls"),
        results.value(f"{CLASS}.track_sdk_bytecodes"),
    )
    return Section("One echo", text.paragraph())
