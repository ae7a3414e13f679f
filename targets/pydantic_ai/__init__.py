"""The target pydantic-ai."""
