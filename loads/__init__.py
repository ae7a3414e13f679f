"""Loads in real time: a service as a real process, and the users of Locust who ask it.

The service's process is started in the SDK's environment (``python -m loads.server``), Locust in an
environment of its own (``python -m loads.users``, packages in ``requirements.txt``): gevent, which
it is made of, changes the process that it is in, and is never on the virtual clock. The users are
those of ``mocks.worlds.service.traffic``, as on the virtual clock. Times are real ones, so none of
this makes an exact figure.
"""
