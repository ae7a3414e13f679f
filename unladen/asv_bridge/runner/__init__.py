"""Our own way of running benchmarks, behind asv's loop: few processes, forked from a warm one.

``server.py`` runs in the SDK's environment, imports the suite once and forks whatever is measured.
``spawner.py`` stands where asv has its spawner, ``plan.py`` knows what will be asked of it, and
``choice.py`` decides whose spawner is used.
"""
