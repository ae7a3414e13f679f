"""The capability *service*."""
