"""What is stored of a target as typed objects: the one way by which anybody reads results.

``open_results`` is for users of the package; docs/api.md describes it.
"""
