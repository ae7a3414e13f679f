"""Sessions: created, filled, saved and loaded again. What each takes, and what is lost."""

LEAST = "operations.Operations.track_statements"
"""The series that says whether a driver is sound."""
