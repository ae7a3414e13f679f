"""What a driver's own file says of its capabilities' parts: that it imports them, and lists them.

from targets.sdk.turns import TURNS
TARGET = Target(name="sdk", imports=("sdk",), capabilities=[TURNS])
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence

from unladen.project.code_text import Edit, Module, edited

IsPart = Callable[[ast.ImportFrom, ast.alias], bool]
"""Whether what is imported is from a capability's part."""


class Connections:
    """The imports of a module that are for its lists of capabilities alone.

    ``is_part``: which of its imports may be.
    """

    def __init__(self, tree: ast.Module, is_part: IsPart) -> None:
        self._targets = list(_targets(tree))
        listed = [one for _, capabilities in self._targets for one in capabilities.elts]
        bases = [base for one in listed if (base := _base(one)) is not None]
        elsewhere = {
            node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and node not in bases
        }
        named = {base.id for base in bases} - elsewhere
        self._imports = {
            statement: [
                alias
                for alias in statement.names
                if _bound(alias) in named and is_part(statement, alias)
            ]
            for statement in tree.body
            if isinstance(statement, ast.ImportFrom)
        }
        self._pairs = set(self.imports())
        self._names = {_bound(alias) for aliases in self._imports.values() for alias in aliases}

    def imports(self) -> Iterator[tuple[ast.ImportFrom, ast.alias]]:
        """Each of those imports."""
        for statement, aliases in self._imports.items():
            yield from ((statement, alias) for alias in aliases)

    def is_left_out(self, statement: ast.AST, alias: ast.alias) -> bool:
        """Whether a name that is imported is for lists of capabilities alone."""
        return (statement, alias) in self._pairs

    def edits(self, module: Module) -> list[Edit]:
        """What leaves them out, the imports and the elements, and is the same however many lines
        they took. ``module``: that of the tree."""
        imports = [
            (module.span(one), self._without(one, aliases))
            for one, aliases in self._imports.items()
            if aliases
        ]
        targets = [
            (module.span(call), self._text(module, call, capabilities))
            for call, capabilities in self._targets
        ]
        return [*imports, *targets]

    def _without(self, statement: ast.ImportFrom, left_out: Sequence[ast.alias]) -> str:
        kept = [one for one in statement.names if one not in left_out]
        names = ", ".join(f"{one.name} as {one.asname}" if one.asname else one.name for one in kept)
        return f"from {'.' * statement.level}{statement.module or ''} import {names}" * bool(kept)

    def _text(self, module: Module, target: ast.Call, capabilities: ast.List) -> str:
        """A target, without the capabilities that are left out."""
        arguments = [_in_one_piece(module, one) for one in target.args]
        for keyword in target.keywords:
            value = keyword.value
            is_list = value is capabilities
            text = self._listed(module, capabilities) if is_list else _in_one_piece(module, value)
            arguments.append(f"{keyword.arg}={text}" if keyword.arg else f"**{text}")
        return f"{_in_one_piece(module, target.func)}({', '.join(arguments)})"

    def _listed(self, module: Module, capabilities: ast.List) -> str:
        kept = [
            one
            for one in capabilities.elts
            if (base := _base(one)) is None or base.id not in self._names
        ]
        return f"[{', '.join(_in_one_piece(module, one) for one in kept)}]"


def _targets(tree: ast.Module) -> Iterator[tuple[ast.Call, ast.List]]:
    """What is called with a list of capabilities, and the list."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg == "capabilities" and isinstance(keyword.value, ast.List):
                    yield node, keyword.value


def _base(element: ast.expr) -> ast.Name | None:
    """What ``NAME`` and ``NAME.attribute`` begin with."""
    while isinstance(element, ast.Attribute):
        element = element.value
    return element if isinstance(element, ast.Name) else None


def _bound(alias: ast.alias) -> str:
    return alias.asname or alias.name


def _in_one_piece(module: Module, part: ast.expr) -> str:
    """The text of a part, however far it is indented."""
    text = edited(module, module.span(part))
    return "\n".join(line.strip() for line in text.split("\n"))
