"""Which commits lie between two, for asv's list of regressions: it starts git for each step of each
series, and nearly all of them lie on the lines of the conf's branches.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from asv.plugins.regressions import Regressions


def install() -> None:
    """Wrap asv's publisher of regressions. Does nothing the second time."""
    if not hasattr(Regressions.publish, "unladen"):
        Regressions.publish = classmethod(_knowing(Regressions.publish.__func__))


class KnownRanges:
    """A repository of asv's that answers for the commits of some lines without asking git."""

    def __init__(self, repository: Any, lines: Sequence[Sequence[str]]) -> None:
        """``lines``: hashes by first parents, newest first."""
        self._repository = repository
        self._lines = [(line, {one: n for n, one in enumerate(line)}) for line in lines]

    def __getattr__(self, name: str) -> Any:
        """All else is the repository's."""
        return getattr(self._repository, name)

    def get_hashes_from_range(self, range_spec: str) -> list[str]:
        """The commits of a range, newest first: of ``A..B`` on one line those after A up to B,
        which nothing leads to from A."""
        before, dots, after = range_spec.partition("..")
        for line, positions in self._lines if dots else ():
            if before in positions and after in positions:
                return [*line[positions[after] : positions[before]]]
        return [*self._repository.get_hashes_from_range(range_spec)]


def _knowing(publish: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(publish)
    def publish_knowing(cls: type, conf: Any, repo: Any, *args: Any, **kwargs: Any) -> None:
        lines = [repo.get_branch_commits(branch) for branch in conf.branches]
        publish(cls, conf, KnownRanges(repo, lines), *args, **kwargs)

    publish_knowing.unladen = True  # type: ignore[attr-defined]
    return publish_knowing
