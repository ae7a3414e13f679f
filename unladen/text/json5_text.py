"""JSON5, read fast where it is plain JSON, or was read before."""

from __future__ import annotations

import copy
import json
from functools import lru_cache
from typing import Any

import json5


def loads(text: str) -> Any:
    """What a text of JSON5 says. Raises ``ValueError`` for what is none.

    json5 is written in Python and takes a hundred times as long as json, which reads most confs;
    those with comments are parsed once, as all confs of a project are read several times a command.
    """
    try:
        return json.loads(text)
    except ValueError:
        return copy.deepcopy(_parsed(text))


@lru_cache(maxsize=64)
def _parsed(text: str) -> Any:
    return json5.loads(text)
