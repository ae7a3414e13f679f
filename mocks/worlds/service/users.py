"""Who uses a service."""

from __future__ import annotations

from dataclasses import dataclass

from mocks.worlds.service.marks import word


@dataclass(frozen=True, slots=True)
class User:
    """User ``number`` (1, 2, ...). ``key``: what a service may know them by, as an API key."""

    number: int

    @property
    def name(self) -> str:
        """A name that no other user has."""
        return f"user-{word(self.number)}"

    @property
    def key(self) -> str:
        """A key that no other user has, of 32 characters."""
        return f"key-{word(self.number)}".ljust(32, "x")


def users(count: int) -> list[User]:
    """The first ``count`` users."""
    return [User(number) for number in range(1, count + 1)]
