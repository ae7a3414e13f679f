"""Data as scripts: pages opened from ``file://`` may not fetch, but may load a script."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ESCAPED = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}
"""Only strings hold these in JSON; so no text can end a script or begin a comment."""


def script(name: str, data: Any) -> str:
    """A script that hands ``data`` to the page as ``name``. ASCII only, so that U+2028 and lone
    surrogates are no matter. Raises ``ValueError`` for NaN and infinity."""
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    for character, escape in ESCAPED.items():
        text = text.replace(character, escape)
    return f"Unladen.receive({json.dumps(name)},{text});\n"


def write_script(folder: Path, name: str, data: Any) -> int:
    """Write ``folder/name.js``; its size in bytes."""
    content = script(name, data).encode("ascii")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.js").write_bytes(content)
    return len(content)
