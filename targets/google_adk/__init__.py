"""The target google-adk."""
