"""The capability *agent*."""
