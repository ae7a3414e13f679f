"""Measuring commits: environments, proofs, locks, processes, the load of the machine."""
