"""The capability *rules*."""
