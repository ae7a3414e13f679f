"""A driver's beginning for an SDK that is a service."""
