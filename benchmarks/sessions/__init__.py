"""Sessions: created, filled, saved and loaded again. What each takes, and what is lost."""
