"""The world of an SDK that keeps sessions: stories with notes, and a folder to keep them in.

A session, whatever the SDK: it is created with a title, notes are added to it, it is saved, and it
is loaded again by whoever has its key.
"""
