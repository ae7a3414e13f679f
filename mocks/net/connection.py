"""Connections: what is asked for, and what is made."""

from dataclasses import dataclass

from mocks.net.counts import Tally
from mocks.net.end import End
from mocks.net.link import Link
from mocks.net.names import Address


class Connection:
    """Two ends, and where what they send is counted."""

    def __init__(self, client: End, tallies: tuple[Tally, ...]) -> None:
        self._client = client
        self._tallies = tallies
        self._open_sides = 2
        for tally in tallies:
            tally.opened += 1
            tally.open_now += 1

    def count(self, sender: End, size: int) -> None:
        """`size` bytes were sent by `sender`."""
        for tally in self._tallies:
            if sender is self._client:
                tally.bytes_in += size
            else:
                tally.bytes_out += size

    def one_side_closed(self) -> None:
        """One of the two ends is closed."""
        self._open_sides -= 1
        if not self._open_sides:
            for tally in self._tallies:
                tally.open_now -= 1


@dataclass(frozen=True, slots=True)
class Dial:
    """A connection that is asked for.

    Attributes:
        dialled: the address by its name, as the program knows it.
        numeric: the same by its number.
        to: where it is led, by an alias.
        link: what lies between.
    """

    dialled: Address
    numeric: Address
    to: Address
    link: Link
