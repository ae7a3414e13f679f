"""A rule file is changed and read over and over: what a reader that caches never forgets."""

from __future__ import annotations

from benchmarks.core.cells import value_of
from benchmarks.core.forked import fresh
from benchmarks.core.left_behind import kept_bytes
from benchmarks.core.presentation import presented
from benchmarks.core.series import series
from benchmarks.rules.files import State, reads
from benchmarks.rules.reading import reading

KILOBYTES = 10
CHANGES = 2
"""Four times as many, and the file as it is first written, are all different: a mark has one digit
for its changes."""


def kept_by_changes() -> int:
    """Bytes that each change of a file of 10 KB leaves behind in its reader."""
    with reading(KILOBYTES) as one, one.on.traced():
        read = reads(one, State.CHANGED)

        def many() -> None:
            for _ in range(CHANGES):
                read()

        return kept_bytes(lambda: many) // CHANGES


@presented(holds={"kilobytes": KILOBYTES, "changes": CHANGES}, demo=("track_kept_bytes",))
class Changes:
    """A file of 10 KB is changed and read again, by one reader."""

    def setup(self) -> None:
        self.bytes = value_of(fresh(kept_by_changes))

    @series(version="2", kind="exact", unit="bytes", group="memory")
    def track_kept_bytes(self) -> int:
        """Bytes that each change leaves behind: what a cache never forgets."""
        return self.bytes
