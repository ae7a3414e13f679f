"""What the browser tests' targets have of a service: series of its page, and a kept load."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from made_target import FAILED, Made

from unladen.load.keeping import write_load
from unladen.results.loads import KeptLoad, KeptPeriod

KINDS = ("chat", "stream")
USERS = (1, 10, 100)
DISTURBANCES = ("chat", "stream not read")
CODES = ("ok", "refused", "hang", "spin")
LOAD = "crowd"


def _axis(name: str, points: Sequence[str]) -> Mapping[str, Sequence[str]]:
    return {name: [repr(point) for point in points]}


def service_series(commits: int) -> Iterator[Made]:
    """Of every kind of panel one: the first token is late from the fifth commit to the eighth, a
    burst of 100 fails at the newest ones, chats at once have no makespan at two commits and 100 of
    them none at a third, one disturbance makes checks hang."""

    def made(
        name: str, unit: str, axes: Mapping[str, Sequence[str]], rows: list[list[float | None]]
    ) -> Made:
        group = "virtual time" if unit == "seconds" else "outcome"
        return Made(f"service.{name}", "exact", unit, group, axes, rows)

    kinds = _axis("kind", KINDS)
    yield made(
        "request.Request.track_time_to_first_token",
        "seconds",
        kinds,
        [[math.nan, 1.6 if 4 <= n < 8 else 0.43] for n in range(commits)],
    )
    yield made(
        "request.Request.track_latency",
        "seconds",
        kinds,
        [[FAILED if n == 6 else 1.1, 2.18] for n in range(commits)],
    )
    burst = {**kinds, "users": [str(users) for users in USERS]}
    yield made(
        "burst.Burst.track_failed",
        "requests",
        burst,
        [[0, 0, 50 if n > 8 else 0, 0, 0, 0] for n in range(commits)],
    )
    yield made(
        "burst.Burst.track_makespan",
        "seconds",
        burst,
        [
            [*([FAILED] * 3 if n in (4, 5) else [1.1, 2.2, FAILED if n == 7 else 3.3]), 2, 2, 2]
            for n in range(commits)
        ],
    )
    profiles = _axis("profile", ("ramp", "spike"))
    yield made("profiles.Load.track_p95_latency", "seconds", profiles, [[1.1, 1.2]] * commits)
    yield Made(
        "service.freeze.Health.track_outcome",
        "exact",
        "outcome",
        "outcome",
        _axis("disturbance", DISTURBANCES),
        [[0, 2 if n > 8 else 0] for n in range(commits)],
        codes=CODES,
    )


def keep_load(home: Path, target: str, commit: str, text: str = "") -> None:
    """Keep a load of a target, whose conf and driver are in ``home``. ``text``: what others may
    write into it."""
    periods = [KeptPeriod(5.0 * n, 50, 40, n % 3, 1.1, 1.2, 0.43, 0.5) for n in range(12)]
    load = KeptLoad(
        target=target,
        commit=commit,
        options=[commit[:8], f"--profile={LOAD}", f"--keep={LOAD}"],
        engine="virtual",
        profile=text or LOAD,
        seconds=60.0,
        trouble=text,
        figures={
            "requests": 480,
            "error_rate": 0.025,
            "latency.p95": 1.2,
            "chat.requests": 400,
            "chat.latency.p95": 1.1,
            "recovery_s": None,
            f"{text}.requests": 80,
        },
        periods=periods,
        users_over_time=[(0.0, 25), (0.5, 50)],
    )
    write_load(home / "loads" / f"{LOAD}.json", load)
