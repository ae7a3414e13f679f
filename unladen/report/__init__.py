"""The report of a target: what its results say, in words, tables and plots.

Written from stored results alone, and only from those: no repository is opened and nothing is run.
A number gets into the text as a ``figures.Figure``, which knows the series it is from, and in no
other way: ``document.Prose`` refuses text with a number typed into it.
"""
