"""What tokens cost: a list of prices, ``prices.toml`` beside the target's driver, or ours.

    source = "the providers' pages, 2026-11-01"

    [[model]]
    provider = "OpenAI"
    name = "gpt-4"
    prompt = 0.03      # dollars for 1,000 tokens
    answer = 0.06

Tokens are measured and prices are not: who changes the list gets other costs of the same results.
"""

from __future__ import annotations

import importlib.resources
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from unladen.project.project import Project
from unladen.project.targets import driver_folder
from unladen.store.json_files import unreadable
from unladen.store.toml_files import declared, parsed, read_toml
from unladen.text.terminal import printable

FILE = "prices.toml"

Dollars = Annotated[float, Meta(ge=0, le=1e6)]
Name = Annotated[str, Meta(min_length=1, max_length=100)]

_PER_TOKENS = 1000
_WHAT = "prices"


class Price(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of a model: dollars for 1,000 tokens of prompts, and of answers."""

    provider: str
    name: Name
    prompt: Dollars
    answer: Dollars

    def of(self, prompt_tokens: float, answer_tokens: float) -> float:
        """Dollars for so many tokens."""
        return (prompt_tokens * self.prompt + answer_tokens * self.answer) / _PER_TOKENS


class Prices(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of several models; ``source``: where they are from."""

    source: str
    model: Annotated[Sequence[Price], Meta(min_length=1)]

    def called(self, name: str) -> Price | None:
        """That of the model with this name."""
        return next((one for one in self.model if one.name == name), None)


def prices_of(project: Project) -> Prices:
    """The target's own list, else the one that ships. Raises ``UserError`` for a file that is
    none."""
    file = driver_folder(project.folder, project.name) / FILE
    return read_prices(file) if file.is_file() else shipped_prices()


def read_prices(file: Path) -> Prices:
    """Those of a file. Raises ``UserError``, one line with the file."""
    return _checked(read_toml(file, Prices, _WHAT), file)


@cache
def shipped_prices() -> Prices:
    """Those that come with Unladen."""
    file = importlib.resources.files(__package__) / FILE
    path = Path(file.name)
    return declared(parsed(file.read_text("utf-8"), path, _WHAT), Prices, path, _WHAT)


def _checked(prices: Prices, file: Path) -> Prices:
    names = [one.name for one in prices.model]
    for name in names:
        if names.count(name) > 1:
            raise unreadable(file, f"{printable(name)[:60]} has two prices")
    return prices
