"""Small readers of rules, each with one mistake."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import cast

from mocks.worlds.rules.world import RulesWorld
from targets.protocol import Target
from targets.protocols.rules import Interpreted, RuleReader, Rules

Choose = Callable[[str], None]
"""Puts the reader with a mistake under test; "" is none."""

_RULE = re.compile(r"must|may|never|magic")


class Made:
    """A reader that is right, but for its ``mistake``."""

    def __init__(self, mistake: str) -> None:
        self._mistake = mistake
        self._known: dict[str, list[str]] = {}

    async def load(self, path: Path) -> object:
        text = path.read_text()
        key = str(path) if self._mistake != "a cache that never forgets" else text
        if self._mistake == "a file that is read once" and key in self._known:
            return key
        self._known[key] = text.splitlines()
        return key

    async def interpret(self, loaded: object) -> Interpreted:
        found: list[str] = []
        for line in self._known[cast(str, loaded)]:
            if _RULE.search(line):
                if self._mistake == "every rule is compared with all":
                    for other in found:
                        if other == line:
                            break
                found.append(line)
        if self._mistake == "ten rules at most":
            found = found[:10]
        return Interpreted(found, found)

    async def close(self) -> None:
        """It holds nothing."""


def made_target(mistake: str) -> Target:
    """A target with the reader that makes it."""

    def opened(world: RulesWorld) -> RuleReader:
        return Made(mistake)

    return Target(name="made", imports=("floor",), capabilities=[Rules(open=opened)])
