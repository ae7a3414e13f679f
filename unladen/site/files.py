"""Writing files that may be read while they are written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file to write into, which takes the place of ``path`` at the end: all of it or nothing.
    Raises ``OSError``."""
    partial = path.with_name(f".{path.name}.part-{os.getpid()}")
    try:
        with partial.open("wb") as stream:
            yield stream
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 atomically; what cannot be encoded (lone surrogates) becomes ``?``."""
    with replacing(path) as stream:
        stream.write(text.encode("utf-8", "replace"))
