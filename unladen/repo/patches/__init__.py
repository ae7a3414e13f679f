"""A repository kept as a series of patches: building it, opening it to edit, saving it."""
