"""Parley's reader of rules for the benchmarks."""

from __future__ import annotations

from pathlib import Path

from mocks.worlds.rules.world import RulesWorld
from targets.parley.runtime import runtime
from targets.protocols.rules import Interpreted, Rules


class _RuleReader:
    def __init__(self, world: RulesWorld) -> None:
        self._reader = runtime("rules").Reader()

    async def load(self, path: Path) -> object:
        return self._reader.load(path)

    async def interpret(self, loaded: object) -> Interpreted:
        found = self._reader.rules(loaded)
        return Interpreted([rule.text for rule in found], found)

    async def close(self) -> None:
        """Nothing outside the process is held."""


RULES = Rules(open=_RuleReader)
