"""The data of the page of loads: those that are kept of a target, over their time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from unladen.results.loads import KeptLoad, figure_unit
from unladen.text.terminal import printable

_COUNTED = ".requests"
"""The figure that every kind of request has."""


def loads_data(loads: Mapping[str, KeptLoad]) -> dict[str, Any]:
    """What ``data/loads.js`` holds. ``loads``: by name."""
    return {"loads": [_load(name, load) for name, load in loads.items()]}


def _load(name: str, load: KeptLoad) -> dict[str, Any]:
    kinds = [one.removesuffix(_COUNTED) for one in load.figures if one.endswith(_COUNTED)]
    return {
        "name": name,
        "commit": load.commit,
        "command": load.command,
        "profile": printable(load.profile),
        "exact": int(load.is_exact),
        "seconds": load.seconds,
        "trouble": printable(load.trouble),
        "kinds": [printable(kind) for kind in kinds],
        "figures": {
            printable(figure): [value, figure_unit(figure)]
            for figure, value in load.figures.items()
        },
        "users": [[at, users] for at, users in load.users_over_time],
        "periods": [
            [
                one.begin,
                one.requests,
                one.failed,
                one.p50,
                one.p95,
                one.first_token_p50,
                one.first_token_p95,
            ]
            for one in load.periods
        ],
    }
