"""The functions of Python files, as far as they matter when they run.

What stands in a class or a module outside of functions is a function of its own, called after the
class, or ``<module>``. Docstrings, annotations, comments and the names of local variables are no
part of what runs.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

MODULE = "<module>"

_Definition = ast.FunctionDef | ast.AsyncFunctionDef
_Scope = _Definition | ast.ClassDef | ast.Module

LineText = Callable[[str, int], str]
"""The text of a line of one of the SDK's files."""


@dataclass(frozen=True)
class Key:
    """A function by its file and its qualified name. Files of the SDK are named from the folder
    that its package is in."""

    file: str
    name: str

    @property
    def bare_name(self) -> str:
        """Without the class or function that it is in."""
        return self.name.rpartition(".")[2]


def function_name(key: Key) -> str:
    """A function for people, by its key."""
    return f"{key.name} ({key.file})"


@dataclass(frozen=True)
class Function:
    """``first``, ``last``: its lines; ``text``: what it does, as a text that two functions share if
    they do the same; ``statements``: those of its body; ``reads``: the names it loads, and the
    attributes it looks up or sets, as ``.name``; ``sets``: the attributes that it sets, a class
    those that it declares."""

    key: Key
    first: int
    last: int
    text: str
    statements: frozenset[str]
    reads: frozenset[str]
    sets: frozenset[str]


@dataclass
class SourceFile:
    """A parsed file. ``constants``: what is assigned outside of functions, by the function that
    stands for its place and the name; ``imports``: the names that are imported."""

    lines: Sequence[str]
    functions: dict[str, Function] = field(default_factory=dict)
    constants: dict[tuple[str, str], str] = field(default_factory=dict)
    imports: frozenset[str] = frozenset()


def parse(file: str, source: str) -> SourceFile:
    """The functions of a file called ``file``; of one that is no Python, its lines only."""
    found = SourceFile(source.splitlines())
    try:
        module = ast.parse(source)
    except (SyntaxError, ValueError):
        return found
    for name, scopes in _scopes(module).items():
        bodies = [_Body.of(scope) for scope in scopes]
        found.functions[name] = Function(
            key=Key(file, name),
            first=min(body.first for body in bodies),
            last=max(body.last for body in bodies),
            text="\n".join(text for body in bodies for text in (*body.head, *body.statements)),
            statements=frozenset(text for body in bodies for text in body.statements),
            reads=frozenset(name for body in bodies for name in body.reads),
            sets=frozenset(name for body in bodies for name in body.sets),
        )
        for scope in scopes:
            if isinstance(scope, ast.Module | ast.ClassDef):
                for constant, value in _constants(scope):
                    found.constants[name, constant] = value
    found.imports = frozenset(_imported(module))
    return found


def _scopes(module: ast.Module) -> dict[str, list[_Scope]]:
    """What is run on its own, by its name: several of one name, such as a property's setter, are
    one."""
    found: dict[str, list[_Scope]] = {MODULE: [module]}

    def look(node: ast.AST, prefix: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, _Definition | ast.ClassDef):
                name = prefix + child.name
                found.setdefault(name, []).append(child)
                look(child, f"{name}." if isinstance(child, ast.ClassDef) else f"{name}.<locals>.")
            else:
                look(child, prefix)

    look(module, "")
    return found


@dataclass(frozen=True)
class _Body:
    first: int
    last: int
    head: Sequence[str]
    statements: Sequence[str]
    reads: frozenset[str]
    sets: frozenset[str]

    @classmethod
    def of(cls, scope: _Scope) -> _Body:
        head, body = list(_before_body(scope)), _body(scope)
        nodes = [node for part in (*head, *body) for node in _inside(part)]
        names = _local_names(nodes) if isinstance(scope, _Definition) else {}
        return cls(
            first=_first_line(scope),
            last=getattr(scope, "end_lineno", None) or 1,
            head=[type(scope).__name__, *(_text(part, names) for part in head)],
            statements=[_text(part, names) for part in _pieces(body)],
            reads=frozenset(_reads(nodes)),
            sets=frozenset(_sets(nodes, is_class=isinstance(scope, ast.ClassDef))),
        )


def _first_line(scope: _Scope) -> int:
    if isinstance(scope, ast.Module):
        return 1
    return min(scope.lineno, *(one.lineno for one in scope.decorator_list), scope.lineno)


def _before_body(scope: _Scope) -> Iterator[ast.AST]:
    """What of a definition counts besides its body: decorators, parameters, bases."""
    if isinstance(scope, ast.Module):
        return
    yield from scope.decorator_list
    if isinstance(scope, ast.ClassDef):
        yield from (*scope.bases, *scope.keywords)
    else:
        yield scope.args


def _body(scope: _Scope) -> Sequence[ast.stmt]:
    body = scope.body
    is_documented = body and isinstance(body[0], ast.Expr)
    if is_documented and isinstance(getattr(body[0], "value", None), ast.Constant):
        return body[1:]
    return body


def _pieces(parts: Sequence[ast.AST]) -> Iterator[ast.AST]:
    """Statements one by one, those inside others on their own; definitions are left out."""
    for part in parts:
        if isinstance(part, _Definition | ast.ClassDef):
            continue
        yield part
        for name in ("body", "orelse", "finalbody", "handlers", "cases"):
            below = getattr(part, name, None)
            if isinstance(below, list):
                yield from _pieces(below)


def _local_names(nodes: Sequence[ast.AST]) -> dict[str, str]:
    """Numbers in place of the names of a function's variables, in the order of their occurrence."""
    found: dict[str, str] = {}
    outer: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Global | ast.Nonlocal):
            outer.update(node.names)
        elif isinstance(node, ast.arg):
            found.setdefault(node.arg, f"local {len(found)}")
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.setdefault(node.id, f"local {len(found)}")
    return {name: number for name, number in found.items() if name not in outer}


def _text(part: ast.AST, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """A statement without those that it holds, and without annotations. ``names``: what stands for
    those of local variables."""
    fields = []
    for name, value in ast.iter_fields(part):
        if name in _LEFT_OUT or (name in _BLOCKS and isinstance(value, list)):
            continue
        if isinstance(value, ast.AST):
            fields.append(f"{name}={_text(value, names)}")
        elif isinstance(value, list):
            texts = [_text(one, names) if isinstance(one, ast.AST) else repr(one) for one in value]
            fields.append(f"{name}=[{', '.join(texts)}]")
        else:
            is_name = isinstance(part, ast.Name | ast.arg) and name in ("id", "arg")
            fields.append(f"{name}={names.get(value, value) if is_name else value!r}")
    return f"{type(part).__name__}({', '.join(fields)})"


_LEFT_OUT = frozenset({"annotation", "returns", "type_comment", "type_params", "ctx", "kind"})
_BLOCKS = frozenset({"body", "orelse", "finalbody", "handlers", "cases"})


def _inside(node: ast.AST) -> Iterator[ast.AST]:
    """A node and all below it, without definitions that run on their own."""
    if isinstance(node, _Definition | ast.ClassDef):
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _inside(child)


def _reads(nodes: Sequence[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield f".{node.attr}"


def _sets(nodes: Sequence[ast.AST], *, is_class: bool) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
            yield f".{node.attr}"
        elif is_class and isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield f".{node.id}"


def _constants(scope: ast.Module | ast.ClassDef) -> Iterator[tuple[str, str]]:
    for statement in scope.body:
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    yield target.id, _text(statement.value)
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            yield statement.target.id, _text(statement.value) if statement.value else ""


def _imported(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for one in node.names:
                yield one.asname or one.name.partition(".")[0]


Sources = Mapping[str, SourceFile]
"""Files by their name."""
