"""Driver of LOOM: its sessions, turns, memory and rules, at every commit of its history.

A module for each capability. LOOM's database is a file in the world's folder; its log records go
nowhere (``targets.quiet``).
"""

from __future__ import annotations

from targets.loom.driver.recall import RECALL
from targets.loom.driver.rules import RULES
from targets.loom.driver.sessions import SESSIONS
from targets.loom.driver.turns import TURNS
from targets.protocol import Target

TARGET = Target(
    name="loom",
    imports=("loom",),
    capabilities=[
        RECALL,
        RULES,
        SESSIONS,
        TURNS,
    ],
    environment={"OPENAI_API_KEY": "none"},
)
