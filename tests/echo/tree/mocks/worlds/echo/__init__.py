"""The world of an echo: phrases that somebody wants to hear again, and a model that says them.

An echo, whatever the SDK: one call to the model, whose reply is its prompt.
"""
