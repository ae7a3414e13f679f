"""Towow, an agent-to-agent negotiation SDK, over its whole history."""
