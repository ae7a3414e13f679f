"""What ``unladen init`` begins a driver with: a package for each capability.

Its modules, but for ``__init__``, are copied into the driver of an SDK: the one of the capability's
name has a ``CAPABILITY``, which works on a tiny example until the SDK stands in its place.
``requirements.txt`` names what the capability's world needs beside the SDK's own dependencies; the
one beside this file what the suite needs, all of whose benchmarks are imported to measure one.
A file ``by_default`` marks what is begun where nobody says what the SDK can do: what most have, and
not all there is, for each example that is left in a driver is measured at every commit.
"""
