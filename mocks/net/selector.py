"""A loop's selector that also tells what happened on the virtual network."""

import selectors
from collections.abc import Iterator, Mapping
from typing import Any

from mocks.net.stack import Stack

Ready = list[tuple[selectors.SelectorKey, int]]


class NetworkSelector(selectors.BaseSelector):
    """Answers for ends of `stack`, and asks the selector `below` for everything else.

    Ends that are ready are given in the order in which they became so, as by Linux. They are no
    descriptors that `below` knows of, so a clock does not wait for them in real time.
    """

    def __init__(self, stack: Stack, below: selectors.BaseSelector) -> None:
        self.below = below
        self._stack = stack
        self._keys = stack.registered
        self._map = _BothMaps(self._keys, below)
        self._below_keys = below.get_map()

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        """See `selectors.BaseSelector.register`."""
        fd = _descriptor(fileobj)
        end = self._stack.ends.get(fd)
        if end is None:
            return self.below.register(fileobj, events, data)
        if fd in self._keys:
            raise KeyError(f"{fileobj!r} is already registered")
        key = self._keys[fd] = selectors.SelectorKey(fileobj, fd, events, data)
        self._stack.wake(end)
        return key

    def modify(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        """See `selectors.BaseSelector.modify`."""
        fd = _descriptor(fileobj)
        if fd not in self._keys:
            return self.below.modify(fileobj, events, data)
        key = self._keys[fd] = selectors.SelectorKey(fileobj, fd, events, data)
        end = self._stack.ends.get(fd)
        if end is not None:
            self._stack.wake(end)
        return key

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        """See `selectors.BaseSelector.unregister`."""
        fd = _descriptor(fileobj)
        if fd in self._keys:
            return self._keys.pop(fd)
        return self.below.unregister(fileobj)

    def select(self, timeout: float | None = None) -> Ready:
        """See `selectors.BaseSelector.select`."""
        ready = self._ready_ends()
        if not ready and not self._stack.arrivals.arm() and timeout != 0:
            return self.below.select(timeout)
        # Besides the loop's own pipe, which can wait until it is idle, there is seldom anything.
        return ready + self.below.select(0) if len(self._below_keys) > 1 else ready

    def get_key(self, fileobj: Any) -> selectors.SelectorKey:
        """See `selectors.BaseSelector.get_key`."""
        fd = _descriptor(fileobj)
        return self._keys[fd] if fd in self._keys else self.below.get_key(fileobj)

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        """See `selectors.BaseSelector.get_map`."""
        return self._map

    def close(self) -> None:
        """See `selectors.BaseSelector.close`."""
        self._keys.clear()
        self.below.close()

    def _ready_ends(self) -> Ready:
        candidates = self._stack.candidates
        if not candidates:
            return []
        ready: Ready = []
        for end in list(candidates):
            key = self._keys.get(end.fd)
            events = 0
            if key is not None:
                if key.events & selectors.EVENT_READ and end.is_readable:
                    events |= selectors.EVENT_READ
                if key.events & selectors.EVENT_WRITE and end.is_writable:
                    events |= selectors.EVENT_WRITE
            if key is not None and events:
                ready.append((key, events))
            else:
                del candidates[end]
        return ready


class _BothMaps(Mapping[Any, selectors.SelectorKey]):
    """Keys of ends, and those of the selector below."""

    def __init__(
        self, keys: dict[int, selectors.SelectorKey], below: selectors.BaseSelector
    ) -> None:
        self._keys = keys
        self._below = below

    def __getitem__(self, fileobj: Any) -> selectors.SelectorKey:
        fd = _descriptor(fileobj)
        return self._keys[fd] if fd in self._keys else self._below.get_map()[fileobj]

    def __len__(self) -> int:
        return len(self._keys) + len(self._below.get_map())

    def __iter__(self) -> Iterator[Any]:
        yield from self._keys
        yield from self._below.get_map()


def _descriptor(fileobj: Any) -> int:
    return fileobj if isinstance(fileobj, int) else int(fileobj.fileno())
