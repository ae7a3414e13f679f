"""How a run that is interrupted ends."""

from __future__ import annotations

INTERRUPTED = 130
"""Exit code of a command that was interrupted or terminated."""

ASV_INTERRUPTED = "Interrupted."
"""What the ``UserError`` says that asv makes of an interrupt while benchmarks run."""
