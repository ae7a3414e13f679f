"""Measuring commits of one target side by side."""
