"""The target langgraph."""
