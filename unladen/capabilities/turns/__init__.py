"""The capability *turns*."""
