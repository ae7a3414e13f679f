"""A driver's beginning for an SDK with agents."""
