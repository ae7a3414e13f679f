"""Rules: files of rules are loaded and interpreted. How they are read and what is asked of it."""

LEAST = "files.File.track_stale"
"""The series that says whether a driver is sound."""
