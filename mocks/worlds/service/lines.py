"""What a load writes: JSON lines, whoever made it.

First the plan, then a line for each request in the order in which they ended and one whenever the
number of users changes, at last the facts; without that last line a load was broken off. ``t`` says
which line it is: ``plan``, ``row``, ``users``, ``end``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict

from mocks.worlds.service.profile_files import as_json
from mocks.worlds.service.profiles import Profile
from mocks.worlds.service.rows import Row

FORMAT = "unladen-load-rows"
VERSION = 1


def plan_line(
    profile: Profile,
    *,
    engine: str,
    subject: str,
    seed: int,
    more: Mapping[str, object] | None = None,
) -> str:
    """What is played. ``engine``: what plays it, such as ``virtual``; ``subject``: on what."""
    return _line(
        "plan",
        format=FORMAT,
        version=VERSION,
        engine=engine,
        subject=subject,
        profile=profile.name,
        arrivals="closed" if profile.arrivals_per_s is None else "open",
        users=profile.users,
        duration_s=profile.duration_s,
        think_s=list(profile.think_s),
        mix=dict(profile.mix),
        timeout_s=profile.timeout_s,
        seed=seed,
        settings=as_json(profile),
        **(more or {}),
    )


def row_line(row: Row) -> str:
    """A request: the fields of ``Row``."""
    return _line("row", **asdict(row))


def users_line(at_s: float, users: int) -> str:
    """So many users are there from now on."""
    return _line("users", at=at_s, users=users)


def end_line(seconds: float, facts: Mapping[str, float]) -> str:
    """The load is over. ``facts``: figures by name, those that were measured."""
    return _line("end", seconds=seconds, facts=dict(facts))


def _line(what: str, /, **content: object) -> str:
    return json.dumps({"t": what, **content}, ensure_ascii=False, separators=(",", ":"))
