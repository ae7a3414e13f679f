"""WHAT is measured: asv benchmarks, one module a question.

A benchmark never imports an SDK. It asks the target under test (asv's project) for a capability;
where that is missing, ``setup`` raises ``NotImplementedError`` and asv records n/a. Every
benchmark states its version, kind, unit, direction and group with ``core.series.series``.

``core`` is what all share; ``questions`` are asked of every capability's ``Workload``; a
capability's folder has its workload and the classes that asv finds, which name the questions.

Importing the suite loads our packages before the SDK has a chance to bring others of their names,
puts the repository at the end of the path, makes ``time`` readable as virtual time before
any SDK binds it, registers our benchmark types, and imports the SDK once, so that asv's fork server
does not import it for every cell; then its code is made quick to trace.
"""

import sys

from benchmarks.core import rooms

if str(rooms.ROOT) not in sys.path:
    sys.path.append(str(rooms.ROOT))
rooms.claim("meters", "mocks", "targets")


from benchmarks.core import subject  # noqa: E402
from meters import asv_types, line_tables  # noqa: E402
from mocks import clock  # noqa: E402

clock.install()
asv_types.register()
subject.preload()
line_tables.make()
