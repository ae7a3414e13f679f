"""The world of a call: a model that streams messages, and somebody who waits for one of them.

A call, whatever the SDK: it is given a function that streams and a predicate that knows the target,
reads until the target has come, and then lets the stream go.
"""
