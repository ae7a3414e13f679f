"""Stands in for a dependency of Towow's configuration, which no negotiation reads."""


class BaseSettings:
    """Base of Towow's settings class."""
