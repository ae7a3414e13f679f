"""The capability *calls*."""
