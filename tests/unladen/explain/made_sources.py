"""Sources and calling contexts as tests write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import dedent

from unladen.explain.code import Key, SourceFile, parse
from unladen.explain.contexts import Context, RunFunction, Side

FILE = "sdk/engine.py"


def sources(**files: str) -> dict[str, SourceFile]:
    """Files ``sdk/NAME.py`` by what is in them."""
    return {f"sdk/{name}.py": parse(f"sdk/{name}.py", dedent(text)) for name, text in files.items()}


def own(name: str, file: str = FILE) -> RunFunction:
    """A function of the SDK."""
    return RunFunction("own", Key(file, name))


def library(name: str) -> RunFunction:
    """A function of a library."""
    return RunFunction("library", Key("lib.py", name))


Row = tuple[int, RunFunction, int, int, Mapping[int, int]]
"""Number of the caller, function, line of the caller, entered, bytecodes by line."""


def side(rows: Sequence[Row], value: float | None = None) -> Side:
    """What a commit did."""
    contexts = [
        Context(caller, function, line, entered, 0, lines, {})
        for caller, function, line, entered, lines in rows
    ]
    total = sum(one.bytecodes for one in contexts)
    return Side(float(total) if value is None else value, "", contexts)
