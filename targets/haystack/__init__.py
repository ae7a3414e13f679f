"""The target haystack-ai."""
