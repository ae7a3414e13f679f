"""An explanation that is kept of a made-up target's commit."""

from __future__ import annotations

import json
from pathlib import Path

from made_target import CAPABILITY, ENVIRONMENT, MACHINE

from unladen.history.conditions import Conditions
from unladen.results.explanations import (
    SUFFIX,
    KeptExplanation,
    KeptFigure,
    KeptPart,
    write_explanation,
)

EXPLAINED = 4
"""The commit of which one is kept, by its number: its makespan is doubled."""

SAID = "await self._ask(session, participant)"


def keep_explanation(results: Path, text: str = "") -> None:
    """Keep one in a folder of results. ``text``: what others may write into it."""
    machine = results / MACHINE
    stored = [json.loads(file.read_text()) for file in machine.glob(f"*-{ENVIRONMENT}.json")]
    hashes = [one["commit_hash"] for one in sorted(stored, key=lambda one: one["date"])]
    commit, parent = hashes[EXPLAINED], hashes[EXPLAINED - 1]
    packages = frozenset({("asv_runner", "0.3.2"), ("sdk", "1.0")})
    part = KeptPart(
        function=f"Offers.collect{text}",
        file=f"sdk/offers{text}.py",
        change="+3 s",
        share="100%",
        said=f"{SAID}{text}",
        commit=commit,
        path=f"src/sdk/offers{text}.py",
        line=29,
    )
    kept = KeptExplanation(
        commit=commit,
        parent=parent,
        conditions=Conditions("3.11.7", "CPython", packages, frozenset()),
        figures=[
            KeptFigure(
                series=f"{CAPABILITY}.baseline.Run.track_makespan",
                version="1",
                params=("'plan'",),
                before=3.0,
                after=6.0,
                is_of_benchmark=True,
                parts=[part],
            )
        ],
    )
    write_explanation(machine / f"{commit[:8]}-{ENVIRONMENT}{SUFFIX}", kept)
