"""``summary.json``: a target's summary, as each publish leaves it for the portal and for programs.

docs/site.md describes it. What is read back may come from anybody's folder: types are checked.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar

from unladen.site.files import write_text
from unladen.site.summary import Summary
from unladen.store.json_files import as_declared, read_json

NAME = "summary.json"
VERSION = 3

T = TypeVar("T")


def write_summary(folder: Path, summary: Summary) -> None:
    """Write it into a target's published folder, atomically."""
    data = asdict(summary)
    for figure in data["figures"]:
        figure["status"] = figure["status"].value
    text = json.dumps({"version": VERSION, **data}, indent=1, allow_nan=False)
    write_text(folder / NAME, text + "\n")


def read_summary(path: Path) -> Summary:
    """Read one. Raises ``UserError``, one line, if it is none of this version."""
    return as_declared(path, read_json(path, VERSION), Summary, f"a summary of version {VERSION}")
