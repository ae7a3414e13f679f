"""A driver's beginning for an SDK that remembers."""
