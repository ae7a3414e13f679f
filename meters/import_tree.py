"""Which import brings which module, and what each costs, in a fresh interpreter.

Kind: bytecodes and modules are exact, CPU seconds are sampled.
Unit: bytecodes; seconds; modules.
Cost: that of ``meters.imports`` once again (for seconds: for each run).
A module is loaded below the one whose code asked for it first. Its own amount is what runs from
where it is searched for until it is loaded, without what is loaded below it; all of them, with the
root, which stands for what was asked for, add up to what ``meters.imports`` counts.
Blind spots: those of ``meters.imports``; of CPU some microseconds of looking after each module are
put down to it; what other threads load counts to what the main one loads meanwhile.
"""

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from meters.imports import _in_child


@dataclass(frozen=True, slots=True)
class Loaded:
    """A module that was loaded, or that could not be.

    ``above``: the number of the one that asked for it, -1 for the root; ``importer``: file, line
    and function of the code that did, ("", 0, "") where it was asked for by name; ``file``: its
    own, "" for none; ``amount``: its own bytecodes or seconds; ``added``: the modules that came
    with it, itself among them if it stayed.
    """

    above: int
    name: str
    importer: tuple[str, int, str]
    file: str
    amount: float
    added: tuple[str, ...]


def counted(modules: Sequence[str], *, warm: bool = False) -> list[Loaded]:
    """All that importing ``modules`` loads, the root first, with bytecodes. Raises
    ``ImportFailed``, as what follows does. ``warm``, here and below: their byte code caches are
    known to be written.
    """
    return _read(_in_child("counted_tree", modules, {"PYTHONHASHSEED": "0"}, warm))


def timed(modules: Sequence[str], *, warm: bool = False) -> list[Loaded]:
    """All that importing ``modules`` loads, the root first, with CPU seconds."""
    return _read(_in_child("timed_tree", modules, {}, warm))


def _read(answer: str) -> list[Loaded]:
    return [
        Loaded(above, name, (file, line, function), own_file, amount, tuple(added))
        for above, name, file, line, function, own_file, amount, added in ast.literal_eval(answer)
    ]
