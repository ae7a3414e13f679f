"""Turns: users who take turns with a model, in a runtime that keeps their sessions."""

LEAST = "journey.Journey.track_turns_found"
"""The series that says whether a driver is sound."""
