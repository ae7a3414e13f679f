"""What a load is to be, as the user asked for it. Engines know the defaults, and check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class LoadOptions:
    """``profile``: a name or the path of a TOML file; "" and None: as the engine has it.

    ``ramp_up``: seconds between the starts of two users; ``limit``: calls of the model that its
    provider admits in a minute; ``latency``: seconds of one.
    """

    profile: str = ""
    users: str | None = None
    duration: str | None = None
    ramp_up: str | None = None
    think: Sequence[str] | None = None
    mix: str | None = None
    timeout: str | None = None
    seed: str | None = None
    limit: str | None = None
    latency: str | None = None

    def arguments(self) -> list[str]:
        """As engines take them."""
        options = [f"--profile={self.profile}"] if self.profile else []
        for name in ("users", "duration", "ramp_up", "mix", "timeout", "seed"):
            options += self._given(name)
        if self.think is not None:
            options += ["--think", *self.think]
        return [*options, *self.of_model()]

    def of_model(self) -> list[str]:
        """Those that say what the model is like."""
        return [*self._given("limit"), *self._given("latency")]

    def _given(self, name: str) -> list[str]:
        value = getattr(self, name)
        return [] if value is None else [f"--{name.replace('_', '-')}={value}"]
