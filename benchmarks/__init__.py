"""WHAT is measured: asv benchmarks, one module a question.

A benchmark never imports an SDK. It asks the target under test (asv's project) for a capability;
where that is missing, ``setup`` raises ``NotImplementedError`` and asv records n/a. Every
benchmark states its version, kind, unit, direction and group with ``benchmarks._series.series``.

Importing the suite puts the repository on the path, makes ``time`` readable as virtual time before
any SDK binds it, registers our benchmark types, and imports the SDK once, so that asv's fork server
does not import it for every cell.
"""

import sys
from pathlib import Path

_ROOT = str(Path(__file__).resolve().parent.parent)
if _ROOT not in sys.path:
    sys.path.append(_ROOT)

from benchmarks import _subject  # noqa: E402
from meters import asv_types  # noqa: E402
from mocks import clock  # noqa: E402

clock.install()
asv_types.register()
_subject.preload()
