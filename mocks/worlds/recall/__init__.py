"""The world of an SDK that remembers: entities of sessions, and what is asked for in their words.

A memory, whatever the SDK: entities are stored, found again by key, by words and by meaning, and
related with each other, each for one session.
"""
