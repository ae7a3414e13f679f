"""What a command has stored for good, which is what it says of itself when it is interrupted."""

from __future__ import annotations

from unladen.measure.saved import saved_failures

STORES_RESULTS = ("run", "continuous", "find", "gate", "bisect", "calibrate")
"""Commands that measure, and whose user wants to know whether to begin again."""

SAYS_ITSELF = ("confirm", "publish")
"""Commands that use ``say_kept``; what they run may be run by others, for another purpose."""

_said: list[str] = []


def say_kept(sentence: str) -> None:
    """From now on this is true, until the next one: ``3 verdicts are saved``."""
    _said[:] = [sentence]


def what_is_kept(command: str) -> str:
    """A sentence without a full stop; "" if there is nothing to say of ``command``."""
    # What a gate measures without --save goes into a folder that is gone by now.
    number = sum(file.exists() for file in saved_failures)
    if number:
        return f"the results of {number} commit{'s' * (number > 1)} are saved"
    if _said and command in SAYS_ITSELF:
        return _said[-1]
    return "no results are saved" if command in STORES_RESULTS else ""
