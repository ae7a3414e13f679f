"""Parley, the sample SDK whose history is labelled."""
