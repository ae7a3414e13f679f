"""The target agno."""
