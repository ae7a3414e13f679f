"""Driver of the floor: what ``targets/bare/floor`` offers, each capability from its own module."""

from __future__ import annotations

from pathlib import Path

from targets.bare.agent import AGENT
from targets.bare.calls import CALLS
from targets.bare.negotiation import NEGOTIATION
from targets.bare.recall import RECALL
from targets.bare.rules import RULES
from targets.bare.service import SERVICE
from targets.bare.sessions import SESSIONS
from targets.bare.turns import TURNS
from targets.loading import put_on_path
from targets.protocol import Target

put_on_path(Path(__file__).parent, "floor")

TARGET = Target(
    name="bare",
    imports=("floor",),
    capabilities=[
        NEGOTIATION,
        SERVICE,
        CALLS,
        SESSIONS,
        TURNS,
        RECALL,
        RULES,
        AGENT,
    ],
)
