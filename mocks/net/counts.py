"""Connections and bytes, by address."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counts:
    """What came to an address.

    Attributes:
        opened: connections made to it.
        open_now: those of them that one side or both have not closed.
        refused: connections that were refused, since nobody served it.
        bytes_in: bytes that its clients sent.
        bytes_out: bytes that its server sent.
    """

    opened: int = 0
    open_now: int = 0
    refused: int = 0
    bytes_in: int = 0
    bytes_out: int = 0


@dataclass(slots=True)
class Tally:
    """`Counts` that grow."""

    opened: int = 0
    open_now: int = 0
    refused: int = 0
    bytes_in: int = 0
    bytes_out: int = 0

    def counts(self) -> Counts:
        """As they are now."""
        return Counts(self.opened, self.open_now, self.refused, self.bytes_in, self.bytes_out)
