"""A driver's beginning for an SDK that makes calls which stream."""
