"""The text of a module without what does nothing, so that it can be told whether its code moved."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Span = tuple[int, int]
"""Where something begins and ends in a text, in characters."""


@dataclass(frozen=True)
class Module:
    """A module that Python can read: its text, with line ends of one kind, and what it says."""

    text: str
    tree: ast.Module
    comments: Sequence[Span]
    _begins: Sequence[int]

    @classmethod
    def read(cls, source: bytes) -> Module | None:
        """The module with this source; None if it is no Python."""
        try:
            tree = ast.parse(source)
            tokens = list(tokenize.tokenize(io.BytesIO(source).readline))
            text = source.decode(tokens[0].string)
        except (SyntaxError, ValueError, tokenize.TokenError):
            return None
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        begins = [0]
        for line in text.split("\n"):
            begins.append(begins[-1] + len(line) + 1)
        comments = [
            (begins[one.start[0] - 1] + one.start[1], begins[one.end[0] - 1] + one.end[1])
            for one in tokens
            if one.type == tokenize.COMMENT
        ]
        return cls(text, tree, comments, begins)

    def span(self, node: ast.expr | ast.stmt) -> Span:
        """Where a part of the tree is."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return (
            self._at(node.lineno, node.col_offset),
            self._at(node.end_lineno, node.end_col_offset),
        )

    def _at(self, line: int, size: int) -> int:
        """``size``: bytes of UTF-8 before it in its line, as ``ast`` counts."""
        begin = self._begins[line - 1]
        text = self.text[begin : self._begins[line] - 1]
        return begin + len(text.encode()[:size].decode())


Edit = tuple[Span, str]
"""What is to stand in place of something."""


def code_text(module: Module, more: Sequence[Edit] = ()) -> str:
    """The text of a module without comments, docstrings, blank lines and what is at the ends of
    lines. ``more``: what else is to be edited, beside comments and docstrings or around them."""
    text = edited(module, (0, len(module.text)), more)
    return "\n".join(line.rstrip() for line in text.split("\n") if line.strip())


def edited(module: Module, within: Span, more: Sequence[Edit] = ()) -> str:
    """A part of a module's text without comments and docstrings, and with what ``more`` edits."""
    idle = [(span, "") for span in (*module.comments, *_docstrings(module))]
    inside = [(span, text) for span, text in (*idle, *more) if _holds(within, span)]
    outer = [
        (span, text)
        for span, text in inside
        if not any(_holds(other, span) for other, _ in more if other != span)
    ]
    begin, end = within
    found = module.text[begin:end]
    for (first, last), text in sorted(outer, reverse=True):
        found = found[: first - begin] + text + found[last - begin :]
    return found


def _holds(outer: Span, inner: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _docstrings(module: Module) -> Iterator[Span]:
    kinds = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    for node in ast.walk(module.tree):
        if isinstance(node, kinds) and ast.get_docstring(node, clean=False) is not None:
            yield module.span(node.body[0])
