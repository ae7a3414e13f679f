"""Whether a file lies below some paths."""

import os
from collections.abc import Sequence


class Paths:
    """Directories or files; ``file in paths`` says whether a file is one of them or lies below.

    Symbolic links are resolved, and each file is looked at once. Code that was compiled from a
    string (``<string>``) lies nowhere.
    """

    def __init__(self, paths: Sequence[str]) -> None:
        self._prefixes = tuple(os.path.realpath(path) for path in paths)
        self._known: dict[str, bool] = {}

    def __contains__(self, file: str) -> bool:
        known = self._known.get(file)
        if known is None:
            known = self._known[file] = not file.startswith("<") and self._has(file)
        return known

    def _has(self, file: str) -> bool:
        path = os.path.realpath(file)
        return any(
            path == prefix or path.startswith(prefix.rstrip(os.sep) + os.sep)
            for prefix in self._prefixes
        )
