"""Recall: entities are stored, found again, related. Its operations, and what is asked of them."""
