"""HTTP/1.1 over the loop's own connections, from both sides: clients that are users, and servers.

Small, and of the standard library only, since it runs in the process of what is measured. It works
on any asyncio loop, in real time and on a virtual clock with an in-memory network alike, and notes
the loop time at which each piece arrived.
"""
