"""What a difference of an import is made of, as JSON."""

from __future__ import annotations

from typing import Any

from unladen.explain.imports import ImportCause, Imports
from unladen.explain.imports_text import is_touched, touching
from unladen.explain.run import CommitPair


def imports_as_json(imports: Imports, pair: CommitPair) -> dict[str, Any]:
    """All of it; docs/explain.md describes it."""
    return {
        "unit": "seconds" if imports.is_sampled else "bytecodes",
        "is_sampled": imports.is_sampled,
        "before": imports.amounts[0],
        "after": imports.amounts[1],
        "modules": list(imports.modules),
        "causes": [_cause(one, pair) for one in imports.causes],
        "loaded_otherwise": [
            {
                "module": one.name,
                "file": one.file or None,
                "change": one.amount,
                "modules": one.modules,
                "is_touched": is_touched(one, pair),
            }
            for one in imports.otherwise
        ],
        "left_over": imports.amount_left_over,
        "modules_left_over": imports.modules_left_over,
    }


def _cause(cause: ImportCause, pair: CommitPair) -> dict[str, Any]:
    importer, hunk = cause.importer, touching(cause, pair)
    return {
        "file": None if importer is None else importer.file,
        "function": None if importer is None else importer.function,
        "line": None if importer is None else importer.line,
        "origin": None if importer is None else importer.origin,
        "text": cause.text,
        "hunk": None if hunk is None else str(hunk),
        "module": cause.name,
        "is_gone": cause.is_gone,
        "change": cause.amount,
        "modules": cause.modules,
        "parts": [
            {
                "module": one.name,
                "chain": list(one.chain),
                "change": one.amount,
                "modules": one.modules,
            }
            for one in cause.changes
        ],
    }
