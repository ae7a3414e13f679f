"""Commits held against each other: side by side, by a gate, by bisection."""
