"""Paths of a conf that are in the suite, wherever that is on this machine.

asv reads the conf before it loads our plugin, so what it has read already must change too.
"""

from __future__ import annotations

from typing import Any

from asv.config import Config

from unladen.project.suite import in_suite

KEYS = ("benchmark_dir", "labels", "lock")
"""The keys whose value may begin with ``unladen:``; ``patches:`` knows it by itself."""


class _InSuite:
    """Comes before the value that an instance of ``Config`` has under this name."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __get__(self, conf: Any, owner: type) -> Any:
        if conf is None:
            return self
        if self._key not in vars(conf):
            raise AttributeError(self._key)
        value = vars(conf)[self._key]
        return in_suite(value) if isinstance(value, str) else value

    def __set__(self, conf: Any, value: Any) -> None:
        vars(conf)[self._key] = value


def install() -> None:
    """Let every conf, those read already too, find what is in the suite. Idempotent."""
    for key in KEYS:
        if key not in vars(Config):
            setattr(Config, key, _InSuite(key))
