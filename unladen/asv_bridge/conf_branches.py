"""An empty list of branches in a conf, which asv refuses, is none: the default branch is meant."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from asv.config import Config


def install() -> None:
    """Wrap asv's reading of a conf. Does nothing the second time."""
    if not hasattr(Config.from_json, "unladen"):
        Config.from_json = classmethod(_without_empty(Config.from_json.__func__))


def _without_empty(from_json: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(from_json)
    def from_json_without_empty(cls: type, data: dict[str, Any]) -> Any:
        is_empty = "branches" in data and data["branches"] in ([], None)
        kept = {k: v for k, v in data.items() if k != "branches"} if is_empty else data
        return from_json(cls, kept)

    from_json_without_empty.unladen = True  # type: ignore[attr-defined]
    return from_json_without_empty
