"""Which folder of a checkout goes on ``sys.path``: packages move.

``"import_root"`` of the conf is one folder or a list of folders, such as ``["src", ""]``. Of a list
that one is taken under which one of the conf's ``paths`` lies at the commit, or without ``paths``
the first that is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath


def root_in(checkout: Path, roots: Sequence[str], paths: Sequence[str]) -> Path:
    """The folder of a checkout to import from: the first of ``roots`` that holds one of ``paths``
    which is there; the first one if none does.

    A path belongs to the deepest root that it lies under: ``src/sdk`` to ``src``, not to the top.
    """
    if paths:
        holding = {_root_of(path, roots) for path in paths if (checkout / path).exists()}
        found = [root for root in roots if root in holding]
    else:
        found = [root for root in roots if (checkout / root).is_dir()]
    return checkout / (found[0] if found else roots[0])


def _root_of(path: str, roots: Sequence[str]) -> str | None:
    parts = PurePosixPath(path).parts
    under = [root for root in roots if parts[: _depth(root)] == PurePosixPath(root).parts]
    return max(under, key=_depth, default=None)


def _depth(root: str) -> int:
    return len(PurePosixPath(root).parts)
