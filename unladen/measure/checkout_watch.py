"""What the processes of one measurement after the other open of the checkout."""

from __future__ import annotations

from pathlib import Path

from unladen.measure.file_watch import FileWatch, Watched


class CheckoutWatch:
    """``seen``: what was opened during the last measurement that has ended; None if not known."""

    def __init__(self) -> None:
        """Nothing is watched yet."""
        self._watch: FileWatch | None = None
        self.seen: Watched | None = None

    def begin(self, checkout: Path) -> None:
        """A measurement begins; what one before it opened, if that has ended, is still known."""
        self._stop()
        self._watch = FileWatch.begin(checkout)

    def end(self) -> None:
        """The measurement is over."""
        self.seen = self._stop()

    def forget(self) -> None:
        """There was none."""
        self._stop()
        self.seen = None

    def _stop(self) -> Watched | None:
        watch, self._watch = self._watch, None
        return watch.end() if watch is not None else None
