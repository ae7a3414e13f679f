"""Turns: users who take turns with a model, in a runtime that keeps their sessions."""
