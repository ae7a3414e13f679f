"""What work outside the loop costs in virtual seconds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prices:
    """Virtual seconds that pieces of work take; all 0 by default, and part of a series' parameters.

    Attributes:
        executor_s: for a thread to take a piece of work from its queue: a call given to
            `run_in_executor`, `to_thread` or `anyio.to_thread`, and each call of aiosqlite.
        statement_s: for an SQL statement of SQLite, on the thread that executes it.
        ssl_context_s: for an SSL context to load its certificates, on the thread that does so.
    """

    executor_s: float = 0.0
    statement_s: float = 0.0
    ssl_context_s: float = 0.0

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if not 0.0 <= getattr(self, name) < float("inf"):
                raise ValueError(f"{name} is a price in seconds, not {getattr(self, name)}")
