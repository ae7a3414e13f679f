"""The capability *echo*."""
