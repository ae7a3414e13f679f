"""Measuring commits on many machines: exact series on workers of dask.distributed.

The command sends whole commits to workers (``dispatch``), each of which measures with our own
command line in a folder of its own (``at_worker``), and writes what they deliver into one folder of
results (``deliveries``). Nothing here but ``dask_transport`` knows dask, which is an extra.
"""
