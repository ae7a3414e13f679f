"""Recall: entities are stored, found again, related. Its operations, and what is asked of them."""

LEAST = "quality.Ask.track_foreign"
"""The series that says whether a driver is sound."""
