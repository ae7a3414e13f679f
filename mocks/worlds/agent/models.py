"""A model of an SDK's own kind, of which a driver says how it answers."""

from __future__ import annotations

from typing import Any


def model_class(base: type, **methods: Any) -> Any:
    """A subclass of an SDK's class of models with these methods (and properties). What else the
    class wants raises ``NotImplementedError``: nobody asks for it."""

    def unasked(self: Any, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError(f"{type(self).__name__} is asked for nothing else")

    rest = dict.fromkeys(getattr(base, "__abstractmethods__", ()), unasked)
    return type(base)("Mock", (base,), {**rest, **methods})
