"""A package's releases as a history: chosen, resolved as of their days, kept as patches."""
