"""Templates as the code that jinja makes of them, kept from one publish to the next: making it
takes longer than writing the pages."""

from __future__ import annotations

from pathlib import Path

import jinja2
import numpy as np
from jinja2.bccache import Bucket

from unladen.store.cache_folder import user_caches
from unladen.store.caches import code_digest, load, save

_CODE = "code"


class CompiledTemplates(jinja2.BytecodeCache):
    """A file for each template, for this code and jinja; jinja compares the template's text."""

    def __init__(self) -> None:
        self._fingerprint = f"{code_digest('site')} {jinja2.__version__}"
        self._is_kept = True

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what is kept of a template, if anything is."""
        code = load(_file(bucket), self._fingerprint, lambda arrays: arrays[_CODE].tobytes())
        if code is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was made of a template; where that cannot be, it is said once."""
        if self._is_kept:
            code = np.frombuffer(bucket.bytecode_to_string(), dtype=np.uint8)
            save(_file(bucket), self._fingerprint, {_CODE: code})
            self._is_kept = _file(bucket).is_file()


def _file(bucket: Bucket) -> Path:
    return user_caches() / "templates" / f"{bucket.key}.npz"
