"""Driver of mcp, the protocol's own SDK: it has no agents, so that only its import is measured."""

from __future__ import annotations

from targets.protocol import Target

TARGET = Target(name="mcp", imports=("mcp", "mcp.server"), capabilities=[])
