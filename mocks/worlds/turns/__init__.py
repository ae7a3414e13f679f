"""The world of a runtime that takes turns: users who ask, and a model that answers each once.

A turn, whatever the SDK: a user says something in a session, the runtime asks the model, and the
answer is kept in the session. Many turns go on at the same time; some are urgent, some have to wait
for others, some must not take long, some are given up.
"""
