"""How fast the host is, measured before and after each commit: a step of the host is no commit's.

The score is the CPU time of a fixed piece of work (``calibration_workload.py``) in a fresh process
of the benchmark environment's interpreter, started as the benchmarks are: the minimum of some short
repetitions. It costs about a tenth of a second; the one after a commit is also the one before the
next, if that begins at once.
"""

from __future__ import annotations

import json
import math
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from unladen.asv_bridge.console import log
from unladen.asv_bridge.machine import cpu_model
from unladen.asv_bridge.processes import ProcessError
from unladen.measure.known_environments import BenchmarkEnvironment
from unladen.project.driver_digest import DriverDigests
from unladen.store.records import Calibration, Session

VERSION = 1
"""Raised when the workload changes: scores of different versions are never compared."""

WORKLOAD = Path(__file__).with_name("calibration_workload.py")


FRESH_S = 10.0
"""Seconds for which the host is taken to be as fast as it just was."""

_newest: dict[str, tuple[float, float]] = {}
"""By the name of an environment, when (``time.monotonic``) a measurement in it ended, and the score
then."""


@dataclass(frozen=True)
class Moment:
    """The host at one moment. ``at``: milliseconds since 1970; ``load``: averages over 1, 5 and 15
    minutes; ``score``: CPU seconds, None if the workload could not be run; ``driver``: the digests
    of the target's driver."""

    at: int
    load: tuple[float, ...]
    score: float | None
    driver: DriverDigests = field(default_factory=DriverDigests)


def calibrate(env: BenchmarkEnvironment) -> float | None:
    """CPU seconds of the workload; None, with a warning, if the interpreter could not run it."""
    try:
        output = env.says_soon(["-I", str(WORKLOAD)], 60)
        return float(json.loads(output)["seconds"])
    except (ProcessError, ValueError, KeyError, TypeError) as error:
        log.warning(f"The host could not be calibrated: {error}")
        return None


def look(env: BenchmarkEnvironment, before: bool) -> Moment:
    """The host now, ``before`` or after a measurement; the workload is not part of the time in
    between, nor of the load."""
    if before:
        load, score = load_average(), _fresh_score(env.name)
        return Moment(_now(), load, calibrate(env) if score is None else score, env.driver)
    at, load, score = _now(), load_average(), calibrate(env)
    if score is not None:
        _newest[env.name] = time.monotonic(), score
    return Moment(at, load, score)


def _fresh_score(environment: str) -> float | None:
    """The score after the measurement that has just ended; None if none has."""
    at, score = _newest.pop(environment, (-math.inf, None))
    return score if time.monotonic() - at <= FRESH_S else None


def session(before: Moment, after: Moment) -> Session:
    """The measurement between two looks at the host."""
    known = before.score is not None or after.score is not None
    return Session(
        started=before.at,
        ended=after.at,
        cpu=cpu_model(),
        load_before=before.load,
        load_after=after.load,
        calibration=Calibration(VERSION, before.score, after.score) if known else None,
        driver=before.driver.common,
        driver_parts=before.driver.parts,
    )


def load_average() -> tuple[float, ...]:
    """Over 1, 5 and 15 minutes."""
    return tuple(round(value, 2) for value in psutil.getloadavg())


def _now() -> int:
    return int(time.time() * 1000)
