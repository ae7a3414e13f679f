"""The target langchain_core."""
