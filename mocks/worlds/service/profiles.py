"""How many users there are at which moment, and how they behave: the profile of a load."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from mocks.worlds.service.endpoints import Kind

MIX: Mapping[Kind, float] = MappingProxyType({Kind.CHAT: 70, Kind.STREAM: 20, Kind.BLOCKED: 10})
"""Usual weights of what is asked: those of the multi-user gateway's plan."""

THINK_S = (5.0, 20.0)
"""Usual seconds between a reply and the same user's next request: those of a mixed user."""


class ProfileError(Exception):
    """A profile that cannot be; one line says why."""


@dataclass(frozen=True, slots=True)
class Group:
    """``users`` who come one after the other, ``per_s`` a second from ``start_s`` on, and stay up
    to ``end_s``."""

    users: int
    start_s: float
    end_s: float
    per_s: float


@dataclass(frozen=True, slots=True)
class Stay:
    """A user's time in a load, in seconds from its beginning."""

    user: int
    arrives_s: float
    leaves_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The profile of a load.

    Closed: each user of the ``groups`` waits for a reply, thinks (``think_s``: at least, at most)
    and asks again. Open, if ``arrivals_per_s`` is given: requests arrive at that rate, by chance,
    however long the replies take, each from the next of the users; latency counts from then.
    ``mix``: weights of the kinds of endpoints. ``timeout_s``: what a user gives a reply.
    ``conversation``: most requests in a conversation. Nothing new is begun after ``duration_s``.
    """

    name: str
    groups: Sequence[Group]
    duration_s: float
    think_s: tuple[float, float] = THINK_S
    arrivals_per_s: float | None = None
    mix: Mapping[Kind, float] = field(default_factory=lambda: MIX)
    timeout_s: float = 120.0
    conversation: int = 5

    def __post_init__(self) -> None:
        if reason := _wrong(self):
            raise ProfileError(f"profile {self.name}: {reason}")

    @property
    def users(self) -> int:
        """Most users at the same time if none leaves before the last has come."""
        return sum(group.users for group in self.groups)

    @property
    def peak_s(self) -> tuple[float, float] | None:
        """Of a profile with a group that comes later and leaves earlier: when it is there."""
        last = self.groups[-1]
        first = self.groups[0]
        is_peak = last.start_s > first.start_s and last.end_s < first.end_s
        return (last.start_s, last.end_s) if is_peak else None

    def stays(self) -> Iterator[Stay]:
        """The users, numbered from 1 on, in the order in which they come."""
        number = 0
        for group in self.groups:
            for place in range(group.users):
                number += 1
                arrives = group.start_s + place / group.per_s
                if arrives < group.end_s:
                    yield Stay(number, arrives, group.end_s)

    def changed(
        self,
        *,
        users: int | None = None,
        duration_s: float | None = None,
        interval_s: float | None = None,
        **others: Any,
    ) -> Profile:
        """The profile with as many ``users`` in all, of ``duration_s``, of whom one comes every
        ``interval_s`` (``--ramp-up``); its groups keep their shares of both."""
        groups = list(self.groups)
        if duration_s is not None:
            scale = duration_s / self.duration_s
            groups = [
                replace(group, start_s=group.start_s * scale, end_s=group.end_s * scale)
                for group in groups
            ]
            others["duration_s"] = duration_s
        if users is not None:
            groups = _shared(groups, users)
        if interval_s is not None:
            per_s = math.inf if interval_s == 0 else 1 / interval_s
            groups = [replace(group, per_s=per_s) for group in groups]
        return replace(self, groups=tuple(groups), **others)


def _shared(groups: Sequence[Group], users: int) -> list[Group]:
    total = sum(group.users for group in groups)
    bounds = [0]
    for group in groups:
        bounds.append(bounds[-1] + group.users)
    ends = [round(bound * users / total) for bound in bounds]
    return [
        replace(group, users=after - before)
        for group, (before, after) in zip(groups, itertools.pairwise(ends), strict=True)
    ]


def _wrong(profile: Profile) -> str:
    low, high = profile.think_s
    if not profile.groups or profile.users < 1:
        return "it needs at least one user"
    if not 0 < profile.duration_s < math.inf:
        return f"it lasts longer than 0 s, not {profile.duration_s:g}"
    if not 0 <= low <= high < math.inf:
        return f"think times go from a shorter to a longer one, not from {low:g} to {high:g} s"
    if any(group.per_s <= 0 or group.start_s < 0 or group.users < 0 for group in profile.groups):
        return "users come at a rate above 0, from 0 s on"
    if profile.arrivals_per_s is not None and not 0 < profile.arrivals_per_s < math.inf:
        return f"requests arrive at a rate above 0 a second, not {profile.arrivals_per_s:g}"
    if not profile.mix or any(not weight >= 0 for weight in profile.mix.values()):
        return "its mix needs weights of 0 or more"
    if not 0 < sum(profile.mix.values()) < math.inf:
        return "its mix needs a weight above 0"
    if not 0 < profile.timeout_s < math.inf:
        return f"a user waits longer than 0 s, not {profile.timeout_s:g}"
    if profile.conversation < 1:
        return "a conversation has at least one request"
    return ""


BASELINE = Profile(name="baseline", groups=(Group(1, 0, 60, 1.0),), duration_s=60, think_s=(1, 5))
"""One user, a minute: the figures without load."""

RAMP = Profile(name="ramp", groups=(Group(15, 0, 600, 1.0),), duration_s=600)
"""15 users, one more each second, 10 minutes."""

SOAK = Profile(name="soak", groups=(Group(10, 0, 1800, 2.0),), duration_s=1800)
"""10 users, two more each second, half an hour."""

SPIKE = Profile(
    name="spike",
    groups=(Group(5, 0, 180, 10.0), Group(20, 60, 120, 10.0)),
    duration_s=180,
)
"""25 users for a minute in the middle of three, ten more each second; five all the time, so that it
is seen when the service has recovered."""

STEADY = Profile(
    name="steady",
    groups=(Group(50, 0, 60, 2.0),),
    duration_s=60,
    think_s=(1, 5),
    arrivals_per_s=5.0,
)
"""5 requests a second by chance, of 50 users, a minute: an open loop."""

CROWD = Profile(name="crowd", groups=(Group(50, 0, 60, 2.0),), duration_s=60, think_s=(1, 5))
"""50 users, one more each half second, a minute: the multi-user gateway's plan."""

PROFILES: Mapping[str, Profile] = MappingProxyType(
    {each.name: each for each in (BASELINE, RAMP, SOAK, SPIKE, STEADY, CROWD)}
)
"""Those that are here, by name."""
