"""The commits of a target in order, with what was measured at each."""
