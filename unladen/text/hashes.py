"""The hashes of commits."""

from __future__ import annotations

import re

_HASH = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")


def is_hash(text: str) -> bool:
    """Whether it is a full hash, which is no name of anything else."""
    return _HASH.fullmatch(text) is not None
