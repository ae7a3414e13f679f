"""The floor: the same work in plain asyncio, with no SDK."""
