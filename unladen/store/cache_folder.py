"""Where on this machine lies what can be made anew."""

from __future__ import annotations

import os
from pathlib import Path


def user_caches() -> Path:
    """The user's folder of caches for unladen, by the XDG base directory specification."""
    named = os.environ.get("XDG_CACHE_HOME", "")
    folder = Path(named if os.path.isabs(named) else os.path.expanduser("~/.cache"))
    # Who has no home keeps nothing: there is nothing below that.
    return (folder if folder.is_absolute() else Path(os.devnull)) / "unladen"
