"""The three targets of the browser tests, on the same work.

``bare`` is the floor, with two commits; ``sdk`` is plain; the repository and results of ``hostile``
hold what might be taken for markup or script.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from made_explanations import keep_explanation
from made_service_results import keep_load, service_series
from made_target import CAPABILITY, FAILED, SUITE, Made, Target

from unladen.store.series import plain

_ROLES = SUITE[f"{CAPABILITY}.concurrency.Parallel.track_makespan"]["roles"]
RUNS = next(axis for axis, role in _ROLES.items() if role == "runs")
"""What the suite calls the number of runs at once."""

SCRIPT = "<script>window.PWNED.push('script')</script>"
IMAGE = '"><img src=x onerror="window.PWNED.push(\'image\')">'
ADDRESS = "javascript:window.PWNED.push('address')"
LONG = "W" * 400
ODD = "line\u2028separator rtl\u202e\u2066mark \x1b[31mred \x07bell \ud83d \U0001f600 ' \" ` ${1}"

CASES = (
    "formulation: raises",
    "offer: hangs",
    "offer: not JSON, third call",
    "center: truncated JSON",
    "encoder: hangs",
)

OUTCOMES = (
    "recovered",
    "degraded and reported",
    "degraded silently",
    "typed error",
    "untyped crash",
    "data lost",
    "hang",
)

TAGS = {"v0.1": 3, "v0.2": 7}
"""Before what gets worse, and after that."""

FORKS = {"v0.1.1": 5}
"""On the branch of a release."""

HOSTILE = (
    SCRIPT,
    IMAGE,
    ADDRESS,
    LONG,
    ODD,
    "</title></textarea></style><svg onload=alert(1)> {{ 7 * 7 }}",
)


def plain_target(name: str = "sdk", commits: int = 12) -> Target:
    """Twelve commits: a doubled makespan that is repaired, a failure that is, work that grows."""
    subjects = [(f"Change number {n}", "Ann") for n in range(commits)]
    series = [*_series(commits), *service_series(commits)]
    return Target(name, subjects, series, tags=TAGS, forks=FORKS, beside=keep_beside)


def keep_beside(home: Path, target: str, commit: str, text: str = "") -> None:
    """Keep a load and an explanation of a target. The rest is as for ``keep_load``."""
    keep_load(home, target, commit, text)
    keep_explanation(home.parents[1] / "results" / target, text)


def floor() -> Target:
    """Two commits of the same series, of which exact ones are the same at both."""
    return Target("bare", [("The floor", "Ann"), ("The same", "Ann")], [*_series(2)])


def hostile_target() -> Target:
    """The plain one, with hostile texts wherever others write them."""
    sdk = plain_target("hostile")
    subjects = [
        (HOSTILE[n % len(HOSTILE)] + f" {n}", f'{ODD[:20]} " onmouseover="alert(1) {n}')
        for n in range(len(sdk.commits))
    ]
    series = [replace(one, axes=dict(one.axes)) for one in sdk.series]
    makespan = series[0]
    scenarios = [repr(text) for text in HOSTILE[: len(makespan.axes["scenario"])]]
    series.append(
        replace(
            makespan,
            name=f"evil.{IMAGE}.track_{SCRIPT}",
            unit=SCRIPT,
            group=IMAGE,
            axes={f"axis {IMAGE}": scenarios},
            said=_hostile_presentation(f"axis {IMAGE}", plain(scenarios[0])),
        )
    )
    series.append(_hostile_faults(len(sdk.commits)))
    return replace(
        sdk,
        commits=subjects,
        series=series,
        failure=f"ValueError: {SCRIPT} {IMAGE} {LONG}",
        project_url=ADDRESS,
        show_commit_url=ADDRESS + "//",
        tags={"v<img/src=x>": 3, "javascript&lt;b>'\"": 7},
        beside=partial(keep_beside, text=IMAGE),
    )


def _hostile_presentation(axis: str, point: str) -> dict[str, Any]:
    """Its own row of the portal, headline, and roles."""
    row = {
        "rank": 95,
        "label": SCRIPT,
        "work": IMAGE,
        "unit": SCRIPT,
        "cell": {axis: point},
        "per": 1,
        "inverted": False,
        "in_floors": True,
        "needs_same": "",
    }
    told = {"of": IMAGE, "label": SCRIPT, "rank": 1, "cell": {axis: point}}
    return {"question": SCRIPT, "roles": {axis: IMAGE}, "portal": row, "headline": told}


def _hostile_faults(commits: int) -> Made:
    """Outcomes whose names, words, notes and all are hostile; asv makes names and words printable
    only when they are read."""
    outcome = _faults(commits)
    cases = [f"{text[:60]}: {text}" for text in HOSTILE]
    codes = [*HOSTILE]
    rows: list[list[float | None]] = [
        [float((min(n, 3) + cell) % len(codes)) for cell in range(len(cases))]
        for n in range(commits)
    ]
    return replace(
        outcome,
        name=f"evil.{IMAGE}.track_outcome",
        axes={IMAGE: [repr(case) for case in cases]},
        codes=codes,
        expected={plain(repr(case)): [plain(repr(codes[0]))] for case in cases},
        about={case: case for case in cases},
        rows=rows,
        notes={(n, cell): "\n".join(HOSTILE) for n in range(commits) for cell in range(len(cases))},
    )


def _faults(commits: int) -> Made:
    """From the fifth commit on the second case hangs, until the ninth; the third always crashes,
    the fourth fails at the seventh, and the last one is n/a."""

    def outcome(n: int, cell: int) -> float | None:
        if cell == 4:
            return math.nan
        if cell == 3 and n == 6:
            return FAILED
        return (0, 6 if 4 <= n < 8 else 1, 4, 3)[cell]

    return Made(
        f"{CAPABILITY}.faults.Run.track_outcome",
        "exact",
        "outcome",
        "outcome",
        {"fault": [repr(case) for case in CASES]},
        [[outcome(n, cell) for cell in range(len(CASES))] for n in range(commits)],
        codes=OUTCOMES,
        expected=dict.fromkeys(CASES, OUTCOMES[:2] + OUTCOMES[3:4]),
        about={case: f"what a robust SDK does: {case}" for case in CASES},
        notes={
            **{(n, 1): f"nobody wakes\n  agent a-1 in offer.py:{n}" for n in range(4, 8)},
            **{(n, 2): "KeyError: 'text' at center.py:98" for n in range(3)},
        },
    )


def _series(commits: int) -> Iterator[Made]:
    def rows(size: int, value: Any) -> list[list[float | None]]:
        return [[value(n, cell) for cell in range(size)] for n in range(commits)]

    def exact(
        name: str, unit: str, group: str, axes: Mapping[str, Sequence[str]], value: Any
    ) -> Made:
        return Made(
            name, "exact", unit, group, axes, rows(math.prod(map(len, axes.values())), value)
        )

    scenario = {"scenario": ["'plan'", "'ask_one'", "'ask_all'", "'eager'"]}
    agents = {"agents": ["5", "10", "20", "50", "100", "1000"]}
    sizes = [5, 10, 20, 50, 100, 1000]
    together = {RUNS: ["1", "2", "5", "10"]}
    grid = {
        "latency_s": ["0.2", "1.1"],
        RUNS: ["1", "5", "20"],
        "slots": ["'unlimited'", "'20'", "'5'"],
    }
    baseline, scaling = f"{CAPABILITY}.baseline.Run", f"{CAPABILITY}.scaling.Agents"
    yield exact(
        f"{baseline}.track_makespan",
        "seconds",
        "virtual time",
        scenario,
        lambda n, cell: 6.0 + cell if 4 <= n < 8 else 3.0 + cell,
    )
    yield exact(  # worse where the makespan is repaired; one of four is repaired later
        f"{baseline}.track_model_calls",
        "calls",
        "calls",
        scenario,
        lambda n, cell: 13 + (n >= 8 and not (n >= 10 and cell == 0)),
    )
    yield exact(
        f"{baseline}.track_bytecodes",
        "bytecodes",
        "work",
        scenario,
        lambda n, cell: FAILED if n == 6 and cell == 1 else 13_000 + 100 * cell + 900 * (n // 3),
    )
    yield exact(
        f"{baseline}.track_sdk_bytecodes",
        "bytecodes",
        "work",
        scenario,
        lambda n, cell: math.nan if cell == 3 and n < 2 else 4_000 + 900 * (n // 3),
    )
    yield Made(
        f"{baseline}.time_cpu",
        "sampled",
        "seconds",
        "cpu",
        scenario,
        rows(4, lambda n, cell: (1 + 0.01 * ((n * 7 + cell) % 5)) * (4e-4 if n < 6 else 6e-4)),
    )
    yield Made(
        "imports.Import.sample_cpu",
        "sampled",
        "seconds",
        "import",
        {},
        rows(1, lambda n, cell: 0.05 * (1 + 0.02 * (n % 3))),
    )
    yield exact(
        f"{scaling}.track_sdk_bytecodes",
        "bytecodes",
        "work",
        agents,
        lambda n, cell: 800 * sizes[cell] + (sizes[cell] ** 2 if n >= 9 else 0),
    )
    yield exact(
        f"{scaling}.track_retained_bytes",
        "bytes",
        "memory",
        agents,
        lambda n, cell: 4_000 + 540 * sizes[cell],
    )
    yield exact(
        f"{CAPABILITY}.scaling.Growth.track_exponent",
        "exponent",
        "growth",
        {"quantity": ["'sdk_bytecodes'", "'retained_bytes'"]},
        lambda n, cell: (1.31 if n >= 9 else 0.98) if cell == 0 else 0.93,
    )
    yield exact(
        f"{CAPABILITY}.concurrency.Parallel.track_makespan",
        "seconds",
        "virtual time",
        together,
        lambda n, cell: FAILED if n == 6 and cell else 3.0,
    )
    yield replace(
        exact(
            f"{CAPABILITY}.concurrency.Parallel.track_peak_in_flight",
            "calls",
            "calls",
            together,
            lambda n, cell: 5 * (1, 2, 5, 10)[cell],
        ),
        direction="higher",
    )
    yield exact(
        f"{CAPABILITY}.latency.Model.track_makespan",
        "seconds",
        "virtual time",
        grid,
        lambda n, cell: 3.0 + cell,
    )
    yield _faults(commits)
    yield replace(
        exact(
            f"{CAPABILITY}.latency.Model.track_efficiency",
            "fraction",
            "virtual time",
            grid,
            lambda n, cell: 1.0 if cell % 3 == 0 else 0.5 / (1 + cell),
        ),
        direction="higher",
    )
    yield exact(
        f"{CAPABILITY}.latency.Model.track_agents_lost",
        "agents",
        "outcome",
        grid,
        lambda n, cell: 30 * cell if n >= 10 and cell % 3 == 2 else 0,
    )
