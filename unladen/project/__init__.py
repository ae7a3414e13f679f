"""The target under test: where its conf is, and what it says."""
