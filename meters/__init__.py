"""How things are measured. Nothing here knows what is measured, or on which SDK.

Exact meters (the same program gives the same digits in every process, whatever the hash seed):

- ``bytecodes``: bytecodes executed, in total, inside an SDK's own files, and file by file
- ``functions``: bytecodes executed in each function of an SDK's own files
- ``calls``: Python calls and C calls made
- ``memory``: peak and retained bytes of Python allocations
- ``imports``: modules loaded and bytecodes executed by an import in a fresh interpreter
- ``import_tree``: which import brings which module, and what each costs
- ``attribution``, ``critical_path``, ``traces``: whose bytecodes they are, what is waited for, and
  which lines and exceptions come one after the other; ``locks``, ``transports``: who has others
  wait, and who sent what is read
- ``spans``: makespan, overlap, service, queueing and critical path of a log of model calls
- ``waits``: which places in an SDK's files a coroutine spends the clock's time waiting at
- ``rates``: seconds in which more requests were sent than a limit allows
- ``leak``: bytes and objects by type that work leaves behind
- ``growth``: scaling exponent of exact values over problem sizes

Sampled meters (noisy, to be compared as samples):

- ``cpu``: CPU seconds of a call
- ``rss``: peak resident memory of a call
- ``lag``: longest time an asyncio loop was not serviced
- ``imports``: CPU seconds of an import in a fresh interpreter

``address_space`` limits what a process may ask for; ``asv_types`` are the asv benchmark types
``peakrss_*`` and ``sample_*``.

Every module states its unit, its cost and what it cannot see. Slow-down factors were measured on
CPython 3.11; they are orders of magnitude for planning a run, not promises.
"""
