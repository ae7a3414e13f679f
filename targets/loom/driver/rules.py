"""LOOM's rules: its ``RuleLoader`` over the world's folder, and its ``RuleInterpreter``."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from mocks.worlds.rules.files import Language
from mocks.worlds.rules.world import RulesWorld
from targets.protocols.rules import Interpreted, Rules
from targets.quiet import drop_records


class _RuleReader:
    def __init__(self, world: RulesWorld) -> None:
        loaders = importlib.import_module("loom.rules.rule_loader")
        interpreters = importlib.import_module("loom.interpretation.rule_interpreter")
        drop_records()
        self._loader: Any = loaders.RuleLoader(canon_dir=str(world.folder))
        self._interpreter: Any = interpreters.RuleInterpreter()

    async def load(self, path: Path) -> object:
        canon = self._loader.load_canon(path.stem)
        if canon is None:
            # It says why in a log record only.
            raise LookupError(f"LOOM loaded nothing from {path.name}")
        return canon

    async def interpret(self, loaded: object) -> Interpreted:
        result = self._interpreter.interpret(loaded)
        return Interpreted([one.content for one in result.constraints], result)

    async def close(self) -> None:
        """It watches no files, so it holds nothing."""


RULES = Rules(open=_RuleReader, language=Language.CHINESE)
