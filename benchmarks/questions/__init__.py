"""The questions that are asked of every capability: written once, over any ``Workload``.

A capability's own benchmarks (``benchmarks/CAPABILITY``) name the ones asked of it.
"""
