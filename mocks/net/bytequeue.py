"""Bytes that have arrived and are not read yet."""

from collections import deque


class ByteQueue:
    """Bytes, first in first out. Like a socket's it does not remember how they were cut."""

    __slots__ = ("_pieces", "_size")

    def __init__(self) -> None:
        self._pieces: deque[bytes] = deque()
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def put(self, piece: bytes) -> None:
        """Append `piece`."""
        if piece:
            self._pieces.append(piece)
            self._size += len(piece)

    def peek(self, count: int) -> bytes:
        """The first `count` bytes, or what there is, which stay."""
        found = []
        for piece in self._pieces:
            if count <= 0:
                break
            found.append(piece[:count])
            count -= len(piece)
        return b"".join(found)

    def take(self, count: int) -> bytes:
        """The first `count` bytes, or what there is."""
        pieces = self._pieces
        if len(pieces) == 1 and self._size <= count:
            self._size = 0
            return pieces.popleft()
        found = self.peek(count)
        left = len(found)
        self._size -= left
        while left:
            piece = pieces.popleft()
            if len(piece) > left:
                pieces.appendleft(piece[left:])
                break
            left -= len(piece)
        return found
