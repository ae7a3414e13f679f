"""What the command knows of what is measured, and so of what can be believed of a worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import unladen
from unladen.errors import UserError
from unladen.measure.cluster.control import Control
from unladen.measure.cluster.crew import Assignment
from unladen.measure.cluster.deliveries import Expected, Read, complaint, unpacked
from unladen.measure.cluster.folder import Folder
from unladen.measure.cluster.messages import Delivery, Introduction, Kit, Order
from unladen.store.records import Failure, Wrong
from unladen.text.terminal import one_line, printable


@dataclass
class FolderJudge:
    """A ``Judge`` whose deliveries are put into a folder. ``code``: the digest of our own code
    here; ``seconds``: for a commit. ``failed``, ``wrong``: by results file what is stored so."""

    kit: Kit
    code: str
    sample: Control
    expected: Expected
    folder: Folder
    seconds: float
    failed: dict[Path, list[Failure]] = field(default_factory=dict)
    wrong: dict[Path, list[Wrong]] = field(default_factory=dict)

    @property
    def control(self) -> Assignment:
        """See ``Judge``."""
        return Assignment(self.sample.commit, tuple(info.name for info in self.sample.series))

    def order(self, assignment: Assignment) -> Order:
        """See ``Judge``."""
        return Order(
            kit=self.kit.digest,
            target=self.kit.target,
            commit=assignment.commit,
            series=assignment.series,
            machine=self.folder.machine,
            seconds=self.seconds,
        )

    def of_introduction(self, said: Introduction) -> str:
        """See ``Judge``."""
        ours = unladen.__version__
        if said.unladen != ours:
            advice = f"pip install 'unladen[cluster]=={ours}' there"
            return f"has unladen {printable(said.unladen)}, here {ours}: {advice}"
        if said.code != self.code:
            return f"has another unladen {ours} than is here: install the same there"
        if said.kit != self.kit.digest:
            return "what it measures with is not what was sent"
        return ""

    def receive(self, order: Order, delivery: Delivery, is_control: bool) -> str:
        """See ``Judge``."""
        try:
            with unpacked(delivery) as read:
                if why := complaint(order, delivery, read, self.expected):
                    return why
                if is_control:
                    return self.sample.complaint(read)
                self.folder.store(order, read)
                self._note(order, read)
                return ""
        except UserError as error:
            return f"delivered what is not readable: {printable(one_line(str(error)))}"

    def take_back(self, order: Order) -> None:
        """See ``Judge``."""
        for environment in self.expected.conditions:
            path = self.folder.path(order.commit, environment)
            self.failed.pop(path, None)
            self.wrong.pop(path, None)
        self.folder.take_back(order, list(self.expected.conditions))

    def _note(self, order: Order, read: Sequence[Read]) -> None:
        for one in read:
            path = self.folder.path(order.commit, one.file.environment)
            self.failed[path] = [it for it in one.record.failed if it.series in order.series]
            self.wrong[path] = [it for it in one.record.wrong if it.series in order.series]
