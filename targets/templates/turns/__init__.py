"""A driver's beginning for an SDK whose users take turns with a model."""
