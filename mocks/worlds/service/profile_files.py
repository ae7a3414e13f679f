"""Profiles from TOML and to JSON.

users = 40                  # or [[groups]], each with users, start_s, end_s, per_s
duration_s = 300
ramp_up_s = 0.5             # seconds between the arrivals of two users
think_s = [1, 5]
mix = { chat = 70, stream = 20, blocked = 10 }
timeout_s = 60
arrivals_per_s = 5          # an open load
conversation = 5
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from mocks.worlds.service.endpoints import Kind
from mocks.worlds.service.profiles import PROFILES, Group, Profile, ProfileError

_NUMBERS = {"duration_s", "timeout_s", "arrivals_per_s"}
_KNOWN = {*_NUMBERS, "users", "ramp_up_s", "think_s", "mix", "conversation", "groups"}


def profile_of(name: str) -> Profile:
    """A profile by its name, or from a TOML file. Raises ``ProfileError``."""
    if name in PROFILES:
        return PROFILES[name]
    if not name.endswith(".toml"):
        known = ", ".join(PROFILES)
        raise ProfileError(f"there is no profile {name!r}: {known}, or a .toml file")
    try:
        content = tomllib.loads(Path(name).read_text(encoding="utf-8"))
    except OSError as error:
        raise ProfileError(f"{name}: {error.strerror or error}") from None
    except ValueError as error:
        raise ProfileError(f"{name}: {error}") from None
    return read_profile(Path(name).stem, content)


def read_profile(name: str, content: Mapping[str, Any]) -> Profile:
    """The profile that a table describes. Raises ``ProfileError``."""
    if unknown := sorted(set(content) - _KNOWN):
        raise ProfileError(f"profile {name}: unknown {', '.join(unknown)}")
    settings: dict[str, Any] = {key: _number(name, key, content[key]) for key in _given(content)}
    duration_s = settings.setdefault("duration_s", 60.0)
    if "think_s" in content:
        think_s = content["think_s"]
        if not isinstance(think_s, list) or len(think_s) != 2:
            raise ProfileError(f"profile {name}: think_s is [at least, at most]")
        settings["think_s"] = tuple(_number(name, "think_s", each) for each in think_s)
    if "mix" in content:
        settings["mix"] = _mix(name, content["mix"])
    if "conversation" in content:
        settings["conversation"] = _whole(name, "conversation", content["conversation"])
    return Profile(name=name, groups=_groups(name, content, duration_s), **settings)


def as_json(profile: Profile) -> dict[str, Any]:
    """The profile as JSON has it, for ``read_profile``."""
    content = {each.name: getattr(profile, each.name) for each in fields(profile)}
    del content["name"]
    groups = [asdict(replace(group, per_s=min(group.per_s, 1e9))) for group in profile.groups]
    content |= {"think_s": list(profile.think_s), "mix": dict(profile.mix), "groups": groups}
    return {key: value for key, value in content.items() if value is not None}


def _given(content: Mapping[str, Any]) -> set[str]:
    return _NUMBERS & set(content)


def _groups(name: str, content: Mapping[str, Any], duration_s: float) -> tuple[Group, ...]:
    if "groups" not in content:
        users = _whole(name, "users", content.get("users", 1))
        ramp_up_s = _number(name, "ramp_up_s", content.get("ramp_up_s", 0.0))
        if ramp_up_s < 0:
            raise ProfileError(f"profile {name}: ramp_up_s is 0 or more")
        return (Group(users, 0.0, duration_s, 1 / ramp_up_s if ramp_up_s else math.inf),)
    if {"users", "ramp_up_s"} & set(content):
        raise ProfileError(f"profile {name}: give users and ramp_up_s, or groups")
    groups = content["groups"]
    if not isinstance(groups, list) or not all(isinstance(group, dict) for group in groups):
        raise ProfileError(f"profile {name}: groups is a list of tables")
    return tuple(_group(name, group, duration_s) for group in groups)


def _group(name: str, group: Mapping[str, Any], duration_s: float) -> Group:
    if unknown := sorted(set(group) - {"users", "start_s", "end_s", "per_s"}):
        raise ProfileError(f"profile {name}: unknown {', '.join(unknown)} in a group")
    return Group(
        users=_whole(name, "users", group.get("users")),
        start_s=_number(name, "start_s", group.get("start_s", 0.0)),
        end_s=_number(name, "end_s", group.get("end_s", duration_s)),
        per_s=_number(name, "per_s", group.get("per_s", math.inf)),
    )


def _mix(name: str, mix: object) -> dict[Kind, float]:
    if not isinstance(mix, dict):
        raise ProfileError(f"profile {name}: mix gives each kind of endpoint its weight")
    if unknown := sorted(set(mix) - set(Kind)):
        raise ProfileError(f"profile {name}: mix: {unknown[0]!r} is none of {', '.join(Kind)}")
    return {Kind(kind): _number(name, "mix", weight) for kind, weight in mix.items()}


def _number(name: str, key: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ProfileError(f"profile {name}: {key} is a number, not {value!r}")
    return float(value)


def _whole(name: str, key: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ProfileError(f"profile {name}: {key} is a whole number, not {value!r}")
    return value
