"""The target llama-index-workflows."""
