"""What a difference of an import is made of: which statement brings which module.

A module that only one of the commits loads belongs to the import statement that brings it: the
first one on the chain from the SDK's own import that leads to a module which the other commit does
not load. What both load and costs otherwise stands on its own. The parts add up to the whole
difference of the modules, and of what they cost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from unladen.explain.code import MODULE, Key, LineText
from unladen.explain.contexts import OWN, Importer, Loading, Side


@dataclass(frozen=True)
class ModuleChange:
    """A module that came or went. ``chain``: of modules, from the SDK's own import to it;
    ``amount``, ``modules``: of its own, negative of one that went."""

    name: str
    chain: Sequence[str]
    amount: float
    modules: int


@dataclass(frozen=True)
class ImportCause:
    """A statement that brings modules, or brought them. ``key``: the SDK's function that it is in,
    None if it is not the SDK's; ``importer``: None if what is measured asks for the module itself;
    ``text``: of the statement's line, "" if it is not the SDK's;
    ``name``: the module that it asks for; ``is_gone``: it is the commit before that has it;
    ``changes``: what came or went by it, the biggest first."""

    key: Key | None
    importer: Importer | None
    text: str
    name: str
    is_gone: bool
    changes: Sequence[ModuleChange]

    @property
    def amount(self) -> float:
        """What came less what went."""
        return sum(one.amount for one in self.changes)

    @property
    def modules(self) -> int:
        """Modules that came less those that went."""
        return sum(one.modules for one in self.changes)


@dataclass(frozen=True)
class OtherwiseLoaded:
    """A module that both commits load and that costs otherwise. ``file``: of the SDK's, else ""."""

    name: str
    file: str
    amount: float
    modules: int


@dataclass(frozen=True)
class Imports:
    """``amounts``, ``modules``: all of them, before and after; ``causes``, ``otherwise``: the
    biggest in the direction of the difference first; ``is_sampled``: amounts are CPU seconds, which
    differ from run to run, and else bytecodes."""

    amounts: tuple[float, float]
    modules: tuple[int, int]
    causes: Sequence[ImportCause]
    otherwise: Sequence[OtherwiseLoaded]
    is_sampled: bool

    @property
    def amount_change(self) -> float:
        """What importing costs after less what it cost before."""
        return self.amounts[1] - self.amounts[0]

    @property
    def module_change(self) -> int:
        """Modules after less those before."""
        return self.modules[1] - self.modules[0]

    @property
    def sign(self) -> int:
        """The direction of the difference: 1, or -1 if there is less than before."""
        return -1 if self.amount_change < 0 else 1

    @property
    def keys(self) -> list[Key]:
        """The SDK's functions that bring modules or that load otherwise, the biggest first."""
        found = [(one.amount, one.key) for one in self.causes if one.key is not None]
        if not self.is_sampled:
            found += [(one.amount, Key(one.file, MODULE)) for one in self.otherwise if one.file]
        ordered = sorted(found, key=lambda one: (-one[0] * self.sign, one[1].file, one[1].name))
        return list(dict.fromkeys(key for _, key in ordered))

    @property
    def amount_left_over(self) -> float:
        """What the parts do not account for."""
        told = sum(one.amount for one in self.causes) + sum(one.amount for one in self.otherwise)
        return self.amount_change - told

    @property
    def modules_left_over(self) -> int:
        """What the parts do not account for."""
        told = sum(one.modules for one in self.causes) + sum(one.modules for one in self.otherwise)
        return self.module_change - told


def explain_imports(
    before: Side,
    after: Side,
    new_keys: Mapping[Key, Key],
    texts: tuple[LineText, LineText],
    *,
    is_sampled: bool,
) -> Imports:
    """``new_keys``: what functions of the commit before are called after it; ``texts``: of the
    lines before and after."""
    sides = before.imports, after.imports
    names = [{one.name for one in side} for side in sides]
    causes = [
        *_causes(sides[1], names[0], {}, texts[1], is_gone=False),
        *_causes(sides[0], names[1], new_keys, texts[0], is_gone=True),
    ]
    otherwise = _otherwise(sides, names[0] & names[1])
    amounts = sum(one.amount for one in sides[0]), sum(one.amount for one in sides[1])
    modules = sum(one.modules for one in sides[0]), sum(one.modules for one in sides[1])
    sign = -1 if amounts[1] < amounts[0] else 1
    return Imports(
        amounts=amounts,
        modules=modules,
        causes=sorted(causes, key=lambda one: (-one.amount * sign, one.name, one.is_gone)),
        otherwise=sorted(otherwise, key=lambda one: (-one.amount * sign, one.name)),
        is_sampled=is_sampled,
    )


@dataclass
class _Entry:
    """A statement on the way to modules, and these."""

    loading: Loading
    changes: list[ModuleChange] = field(default_factory=list)


def _causes(
    side: Sequence[Loading],
    others: set[str],
    new_keys: Mapping[Key, Key],
    text: LineText,
    *,
    is_gone: bool,
) -> list[ImportCause]:
    """What only this side loads, by where it is entered. ``others``: what the other side loads."""
    entries: dict[int, int] = {}
    chains: list[tuple[str, ...]] = []
    found: dict[tuple[Importer | None, str], _Entry] = {}
    sign = -1 if is_gone else 1
    for number, one in enumerate(side):
        chains.append((*chains[one.above], one.name) if one.above >= 0 else ())
        if one.name in others:
            continue
        entries[number] = entries.get(one.above, number)
        entry = side[entries[number]]
        change = ModuleChange(one.name, chains[number], sign * one.amount, sign * one.modules)
        found.setdefault((entry.importer, entry.name), _Entry(entry)).changes.append(change)
    return [
        ImportCause(
            key=_key(entry.loading.importer, new_keys),
            importer=entry.loading.importer,
            text=_text(entry.loading.importer, text),
            name=entry.loading.name,
            is_gone=is_gone,
            changes=sorted(entry.changes, key=lambda one: (-abs(one.amount), one.chain)),
        )
        for entry in found.values()
    ]


def _key(importer: Importer | None, new_keys: Mapping[Key, Key]) -> Key | None:
    if importer is None or importer.origin != OWN:
        return None
    key = Key(importer.file, importer.function)
    return new_keys.get(key, key)


def _text(importer: Importer | None, text: LineText) -> str:
    is_own = importer is not None and importer.origin == OWN
    return text(importer.file, importer.line) if importer is not None and is_own else ""


def _otherwise(sides: Sequence[Sequence[Loading]], names: set[str]) -> list[OtherwiseLoaded]:
    """What both load and is not the same: by name, since one that fails is tried again."""
    amounts: defaultdict[str, float] = defaultdict(float)
    modules: defaultdict[str, int] = defaultdict(int)
    files: dict[str, str] = {}
    for sign, side in zip((-1, 1), sides, strict=True):
        for one in side:
            if one.name in names:
                amounts[one.name] += sign * one.amount
                modules[one.name] += sign * one.modules
                files[one.name] = one.file
    return [
        OtherwiseLoaded(name, files[name], amounts[name], modules[name])
        for name in files
        if amounts[name] or modules[name]
    ]
