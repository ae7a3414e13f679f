"""A driver's beginning for an SDK that reads rule files."""
