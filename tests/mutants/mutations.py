"""Small changes of a module's code, each of which some test should notice.

A mutant differs from the code in one place, by text: all lines stay where they are. Docstrings,
annotations, texts and messages are left alone, and so are assertions, which tell types only.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

_COMPARISONS: dict[type[ast.cmpop], tuple[str, ...]] = {
    ast.Lt: ("<=", ">="),
    ast.LtE: ("<", ">"),
    ast.Gt: (">=", "<="),
    ast.GtE: (">", "<"),
    ast.Eq: ("!=",),
    ast.NotEq: ("==",),
    ast.Is: ("is not",),
    ast.IsNot: ("is",),
    ast.In: ("not in",),
    ast.NotIn: ("in",),
}
_OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "-",
    ast.Sub: "+",
    ast.Mult: "/",
    ast.Div: "*",
    ast.FloorDiv: "*",
    ast.Mod: "*",
    ast.Pow: "*",
    ast.BitAnd: "|",
    ast.BitOr: "&",
}
_TWINS = {"min": "max", "max": "min", "any": "all", "all": "any", "argmax": "argmin"}


@dataclass(frozen=True)
class Mutant:
    """One change. ``line``: its number, from 1; ``function``: the innermost around it, dotted;
    ``before`` and ``after``: the changed line or lines without indentation; ``code``: the module's
    text with the change."""

    line: int
    function: str
    before: str
    after: str
    code: str


def mutants_of(code: str) -> list[Mutant]:
    """All mutants of a module, in the order of their places."""
    source = _Source(code)
    found = {}
    for function, node, text in _changes(ast.parse(code), source):
        mutant = source.mutant(function, node, text)
        if mutant is not None:
            found[mutant.code] = mutant
    return sorted(found.values(), key=lambda one: (one.line, one.after))


class _Source:
    """A module's text, by places of the syntax tree."""

    def __init__(self, code: str) -> None:
        self.code = code
        self._starts = [0]
        for line in code.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line.encode()))
        self._bytes = code.encode()
        self._meaning = ast.dump(ast.parse(code))

    def text(self, node: ast.expr | ast.stmt) -> str:
        """A node as it is written."""
        start, end = self._span(node)
        return self._bytes[start:end].decode()

    def between(self, left: ast.expr, right: ast.expr) -> str:
        """What is written between two nodes."""
        return self._bytes[self._span(left)[1] : self._span(right)[0]].decode()

    def mutant(self, function: str, node: ast.expr | ast.stmt, text: str) -> Mutant | None:
        """With this text for a node; None if that is no Python, or says the same."""
        start, end = self._span(node)
        code = (self._bytes[:start] + text.encode() + self._bytes[end:]).decode()
        try:
            if ast.dump(ast.parse(code)) == self._meaning:
                return None
        except SyntaxError:
            return None
        first, last = node.lineno - 1, node.end_lineno or node.lineno
        before = self.code.splitlines()
        after = code.splitlines()
        end_line = last + len(after) - len(before)
        return Mutant(
            node.lineno, function, _joined(before[first:last]), _joined(after[first:end_line]), code
        )

    def _span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        start = self._starts[node.lineno - 1] + node.col_offset
        return start, self._starts[node.end_lineno - 1] + node.end_col_offset


def _joined(lines: list[str]) -> str:
    return " ".join(line.strip() for line in lines)


_Change = tuple[str, ast.expr | ast.stmt, str]


def _changes(tree: ast.Module, source: _Source) -> Iterator[_Change]:
    for function, node in _nodes(tree, ""):
        if isinstance(node, ast.expr):
            for text in _of_expression(node, source):
                yield function, node, text
        elif isinstance(node, ast.stmt):
            for part, text in _of_statement(node, source):
                yield function, part, text


def _nodes(node: ast.AST, function: str) -> Iterator[tuple[str, ast.AST]]:
    """All nodes whose change is one of behaviour, each with the function around it."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_params", "bases"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or isinstance(child, ast.Assert | ast.JoinedStr):
                continue
            if isinstance(child, ast.Raise | ast.ImportFrom | ast.Import) or _is_text(child):
                continue
            if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
                continue
            inner = function
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                inner = f"{function}.{child.name}".lstrip(".")
            yield inner, child
            yield from _nodes(child, inner)


def _is_text(node: ast.AST) -> bool:
    """Whether it is a docstring, or another statement that is only text."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _of_expression(node: ast.expr, source: _Source) -> Iterator[str]:
    match node:
        case ast.Compare(left, [op], [right]):
            written = source.text(left), source.text(right)
            for other in _COMPARISONS[type(op)]:
                yield f"{written[0]} {other} {written[1]}"
        case ast.BinOp(left, op, right) if type(op) in _OPERATORS and not _has_text(node):
            between = source.between(left, right)
            sign = _OPERATORS[type(op)]
            yield source.text(left) + between.replace(_sign(op), sign) + source.text(right)
        case ast.BoolOp(op, values):
            word = " or " if isinstance(op, ast.And) else " and "
            yield f"({word.join(f'({source.text(value)})' for value in values)})"
            for left_out in range(len(values)):
                kept = [source.text(value) for n, value in enumerate(values) if n != left_out]
                yield f"({(' and ' if isinstance(op, ast.And) else ' or ').join(kept)})"
        case ast.UnaryOp(ast.Not() | ast.USub(), operand):
            yield f"({source.text(operand)})"
        case ast.IfExp(test, body, orelse):
            test_text, one, other = (source.text(part) for part in (test, body, orelse))
            yield f"{other} if {test_text} else {one}"
        case ast.Constant(value):
            yield from _of_constant(value)
        case ast.Call(ast.Name(name), arguments) if name in _TWINS and arguments:
            yield _TWINS[name] + source.text(node)[len(name) :]
        case ast.Call(ast.Attribute(value, name)) if name in _TWINS:
            start = len(source.text(value)) + 1
            yield f"{source.text(value)}.{_TWINS[name]}{source.text(node)[start + len(name) :]}"


def _of_constant(value: object) -> Iterator[str]:
    match value:
        case bool():
            yield str(not value)
        case int():
            yield f"{value + 1}"
            if value > 1:
                yield f"{value - 1}"
        case float():
            yield f"{value * 2}" if value else "1.0"
            if value:
                yield f"{value / 2}"


def _of_statement(node: ast.stmt, source: _Source) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    match node:
        case ast.If(test) | ast.While(test):
            yield test, f"not ({source.text(test)})"
        case ast.Expr(ast.Call() | ast.Await() | ast.Yield() | ast.YieldFrom()):
            yield node, "pass"
        case ast.AugAssign() | ast.Delete():
            yield node, "pass"
        case ast.Break():
            yield node, "continue"
        case ast.Continue():
            yield node, "break"
        case ast.Return(value) if value is not None and not _is_falsy(value):
            yield value, "None"
        case ast.Assign([ast.Attribute()], value) if not _is_none(value):
            yield value, "None"


def _is_falsy(node: ast.expr) -> bool:
    """Whether None in its place would only be another way to say no."""
    return isinstance(node, ast.Constant) and (node.value is None or node.value is False)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _has_text(node: ast.BinOp) -> bool:
    return any(
        isinstance(one, ast.JoinedStr) or (isinstance(one, ast.Constant) and _is_str(one.value))
        for one in ast.walk(node)
    )


def _is_str(value: object) -> bool:
    return isinstance(value, str)


def _sign(op: ast.operator) -> str:
    signs = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//"}
    return {**signs, ast.Mod: "%", ast.Pow: "**", ast.BitAnd: "&", ast.BitOr: "|"}[type(op)]
