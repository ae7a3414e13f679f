"""A release of a package as a commit holds it: two files, and what the commit is called.

``requirements.txt`` pins the release and all that it needs, as the package index had it at the end
of the day of the upload; or it says why that cannot be had. ``release.toml`` says which release it
is. The release's own sources are not in it: they are in its environment, and in the file that is
named there; what is under test by others does not get into the repository of who measures it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from unladen.measure.kept_installs import REFUSAL
from unladen.text.terminal import one_line

LOCK = "requirements.txt"
METADATA = "release.toml"


@dataclass(frozen=True)
class Upload:
    """When a release came to the index, and as which file. ``file``, ``sha256``: of the wheel that
    would be installed, or of the sources; ``yanked``: why its makers took it back, "" if they did
    not."""

    at: datetime
    file: str
    sha256: str
    yanked: str = ""

    @property
    def end_of_day(self) -> datetime:
        """The midnight (UTC) that ended its day."""
        day = self.at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return day + timedelta(days=1)


@dataclass(frozen=True)
class Release:
    """``pins``: the lines of its lock, without the comments; ``refusal``: why there are none, one
    line, "" if there are. ``at``: when it was uploaded; ``upload`` is None where that is not known,
    and ``at`` then the time of the release before it."""

    package: str
    version: str
    at: datetime
    upload: Upload | None
    pins: tuple[str, ...]
    refusal: str = ""

    @property
    def files(self) -> dict[str, str]:
        """Texts by name."""
        return {LOCK: self._lock(), METADATA: self._metadata()}

    @property
    def message(self) -> str:
        """That of its commit: a line, and what else is to be known of it."""
        note = "yanked" if self.upload and self.upload.yanked else ""
        note = "cannot be installed" if self.refusal else note
        subject = f"{self.package} {self.version}{f' ({note})' if note else ''}"
        said = [self.refusal]
        if self.upload and self.upload.yanked:
            said.append(f"Yanked: {self.upload.yanked}")
        return "\n\n".join(filter(None, [subject, *said])) + "\n"

    def _lock(self) -> str:
        if self.refusal:
            return f"{REFUSAL}{self.refusal}\n"
        day = self.at.astimezone(UTC).date()
        head = f"# {self.package} {self.version}, with what the index had at the end of {day} (UTC)"
        return "\n".join([head, *self.pins, ""])

    def _metadata(self) -> str:
        fields = {"name": self.package, "version": self.version}
        if self.upload:
            fields.update(file=self.upload.file, sha256=self.upload.sha256)
        if self.upload and self.upload.yanked:
            fields["yanked"] = self.upload.yanked
        if self.refusal:
            fields["cannot_be_installed"] = self.refusal
        lines = [f"{key} = {_toml(one_line(text))}" for key, text in fields.items()]
        if self.upload:
            lines.insert(2, f"uploaded = {self.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
        return "\n".join([*lines, ""])


def _toml(text: str) -> str:
    # A string of JSON is one of TOML, where it has no DEL.
    return json.dumps(text.replace("\x7f", "\N{REPLACEMENT CHARACTER}"))
