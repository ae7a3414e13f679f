"""The subjects under test: one folder each, with its ``driver.py`` and ``asv.conf.json``.

``targets.protocol`` is what a driver implements, ``targets.loading`` finds it by name.
"""
