"""The capability *recall*."""
