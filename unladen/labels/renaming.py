"""Series that were renamed, in a file of labels."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from unladen.errors import UserError
from unladen.labels.labels import load
from unladen.text.terminal import printable

_NAMED = re.compile(r"""(\bseries\s*=\s*)(["'])([\w.]+)\2""")


def renamed_labels(path: Path, names: Mapping[str, str]) -> str | None:
    """The text of a file of labels with the names that series have now; None if it has them all.

    ``names``: new by former ones. Comments and layout stay. Raises ``UserError`` for a file that is
    not one, or in which the names cannot be told from the rest.
    """
    load(path)
    text = path.read_text("utf-8")
    renamed = _NAMED.sub(lambda found: _renamed(found, names), text)
    if tomllib.loads(renamed) != _with_new_names(tomllib.loads(text), names):
        what = "its series cannot be told from its other texts: rename them by hand"
        raise UserError(f"{printable(str(path))}: {what}")
    return None if renamed == text else renamed


def _renamed(found: re.Match[str], names: Mapping[str, str]) -> str:
    before, quote, name = found.groups()
    return f"{before}{quote}{names.get(name, name)}{quote}"


def _with_new_names(parsed: Any, names: Mapping[str, str]) -> Any:
    """What was parsed, with the new names where an entry names its series."""
    if isinstance(parsed, list):
        return [_with_new_names(one, names) for one in parsed]
    if not isinstance(parsed, dict):
        return parsed
    return {
        key: names.get(one, one)
        if key == "series" and isinstance(one, str)
        else _with_new_names(one, names)
        for key, one in parsed.items()
    }
