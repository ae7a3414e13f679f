"""Writing files that may be served while they are written."""

from __future__ import annotations

import os
from pathlib import Path


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 atomically; what cannot be encoded (lone surrogates) becomes ``?``."""
    partial = path.with_name(f".{path.name}.part-{os.getpid()}")
    try:
        partial.write_bytes(text.encode("utf-8", "replace"))
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
