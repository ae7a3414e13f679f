"""Putting an SDK under test in its own repository: what can be found out, and the files for it."""
