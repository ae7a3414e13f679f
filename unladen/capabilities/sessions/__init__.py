"""The capability *sessions*."""
