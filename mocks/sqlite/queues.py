"""Who waits for the locks of a database, in which order, and who is next when one is freed."""

import enum
from collections import defaultdict
from dataclasses import dataclass, field

from mocks.inside.thread import Pause
from mocks.inside.threads import Threads


class Wants(enum.Enum):
    """What a statement that waits wants to do."""

    READ = enum.auto()
    WRITE = enum.auto()
    COMMIT = enum.auto()


@dataclass(eq=False, slots=True)
class Waiter:
    """A statement that waits for locks of the databases at `paths`."""

    wants: Wants
    paths: tuple[str, ...]
    pause: Pause = field(default_factory=Pause)


class Queues:
    """The statements that wait, by database, first come first.

    When a lock is freed the first of those that want to write, of those that want to read and of
    those that want to commit try again: of each kind only the first, for if it fails so would the
    others.
    """

    def __init__(self, threads: Threads) -> None:
        self._threads = threads
        self._waiting: defaultdict[str, list[Waiter]] = defaultdict(list)

    def is_awaited(self, paths: tuple[str, ...], wants: Wants) -> bool:
        """Whether somebody waits who would be overtaken."""
        return any(each.wants is wants for path in paths for each in self._waiting.get(path, ()))

    def join(self, waiter: Waiter) -> None:
        """Take the last place."""
        for path in waiter.paths:
            self._waiting[path].append(waiter)

    def wait(self, waiter: Waiter, seconds: float) -> bool:
        """Wait for a lock to be freed, for at most `seconds`: whether it was."""
        waiter.pause = Pause()
        return self._threads.wait(waiter.pause, seconds)

    def leave(self, waiter: Waiter) -> None:
        """Give up the place, and let the next of the kind try."""
        for path in waiter.paths:
            self._waiting[path].remove(waiter)
        self._wake(waiter.paths, {waiter.wants})

    def freed(self, paths: tuple[str, ...]) -> None:
        """A lock may have been freed. Whoever waits tries in a turn of its own, at this instant."""
        self._wake(paths, set(Wants))

    def _wake(self, paths: tuple[str, ...], kinds: set[Wants]) -> None:
        for path in paths:
            left = set(kinds)
            for waiter in self._waiting.get(path, ()):
                if waiter.wants in left:
                    left.discard(waiter.wants)
                    self._threads.end(waiter.pause)
