"""What a benchmark says beside its value: kept with the results, shown where the value is."""

from __future__ import annotations

import json
import sys

MARK = "unladen-note: "
"""Begins the line on standard error from which ``unladen`` takes a note."""


def note(text: str) -> None:
    """Say something about the value that is being measured, such as why an outcome is what it is.

    The text may have several lines. The last note of a parameter combination counts.
    """
    print(f"{MARK}{json.dumps(text)}", file=sys.stderr, flush=True)
