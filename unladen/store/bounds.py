"""What declarations of stored data are made of, which msgspec checks: bounds, within none of which
NaN is."""

from __future__ import annotations

import sys
from typing import Annotated

from msgspec import Meta

LAST_DATE = 253_402_300_799_000
"""The end of the year 9999, milliseconds since 1970: no later date can be written."""

Count = Annotated[int, Meta(ge=0)]
"""A number of things."""

Date = Annotated[int, Meta(ge=0, le=LAST_DATE)]
"""Milliseconds since 1970."""

Finite = Annotated[float, Meta(ge=-sys.float_info.max, le=sys.float_info.max)]

Load = Annotated[float, Meta(ge=0, le=sys.float_info.max)]
"""Processes that run or want to, on average."""


def set_fields(one: object, **values: object) -> None:
    """Set fields of a frozen dataclass that is being made (``__post_init__``)."""
    for name, value in values.items():
        object.__setattr__(one, name, value)
