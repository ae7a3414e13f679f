"""One noun, one meaning: no two classes of ``unladen`` have the same name."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_no_two_classes_have_one_name() -> None:
    """Commands aside, which asv calls as the user does."""
    defined: dict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "unladen").rglob("*.py")):
        inside = path.relative_to(ROOT)
        if inside.parts[1] in ("commands", "_suite"):
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                defined[node.name].append(str(inside))
    assert len(defined) > 100
    assert {name: where for name, where in defined.items() if len(where) > 1} == {}
