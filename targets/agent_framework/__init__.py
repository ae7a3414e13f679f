"""The target agent-framework-core."""
