"""That a side of a comparison was the commit that it was said to be (see
``unladen.measure.proof``).
"""

from __future__ import annotations

from unladen.errors import UserError
from unladen.measure.proof import Installation, Run, Witness, misplacement


class SideProof:
    """Of one commit, in a checkout of its own."""

    def __init__(self, installation: Installation, commit: str, run: Run) -> None:
        """Right after the checkout. ``run``: starts a process that sees this commit."""
        self._installation = installation
        self._commit = commit
        self._run = run
        self._witness = Witness(commit, installation.snapshot())
        self._is_found = False

    def check(self) -> None:
        """Raise ``UserError`` unless all that was run until now saw this commit."""
        complaint = self._witness.disturbance(self._installation, self._commit)
        if not complaint and not self._is_found:
            complaint = misplacement(self._installation, self._witness.snapshot, self._run)
            self._is_found = True
        if complaint:
            raise UserError(
                f"{self._installation.project} {self._commit[:8]}: of no use, it was not what was "
                f"measured side by side: {complaint}"
            )
