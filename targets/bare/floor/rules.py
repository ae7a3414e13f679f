"""A reader of Markdown rules: the least that any SDK has to do.

A sentence in a section is a constraint if it has one of the words that make it one. What was read
is kept for each file until the file has other bytes.
"""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

_RULES = re.compile(r"[^.!?\n]*\b(?:must|may|never|magic)\b[^.!?\n]*")


@dataclass(frozen=True, slots=True)
class RuleText:
    """A file as it was read: its ``digest``, and its sections by their titles."""

    path: str
    digest: bytes
    sections: dict[str, str]


class Reader:
    """Reads rule files."""

    def __init__(self) -> None:
        self._texts: dict[str, RuleText] = {}
        self._found: dict[str, tuple[bytes, list[str]]] = {}

    def load(self, path: str) -> RuleText:
        """The file, read again if it has changed."""
        content = Path(path).read_bytes()
        digest = hashlib.sha256(content).digest()
        known = self._texts.get(path)
        if known is None or known.digest != digest:
            known = self._texts[path] = RuleText(path, digest, _sections(content.decode()))
        return known

    def interpret(self, text: RuleText) -> list[str]:
        """The sentences that state a rule, in their order."""
        digest, found = self._found.get(text.path, (b"", []))
        if digest != text.digest:
            found = [
                sentence.strip()
                for section in text.sections.values()
                for sentence in _RULES.findall(section)
            ]
            self._found[text.path] = (text.digest, found)
        return found


def _sections(content: str) -> dict[str, str]:
    parts = re.split(r"^# (.*)$", content, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))
