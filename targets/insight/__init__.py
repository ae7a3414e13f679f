"""Insight, a teacher's assistant as a FastAPI service, over its history."""
