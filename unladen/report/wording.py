"""How a report speaks of a capability's work, and what it says of no capability in particular."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from unladen.report.commit_results import CommitResults, Series
from unladen.report.document import Section, Spans


@dataclass(frozen=True)
class Wording:
    """The nouns. ``one``, ``many``: a run of the work, and several; ``parts``: what a run is made
    larger by, named as in what series hold fixed, "" where it has no size; ``part``: one of them;
    ``share``, ``shares``: what a part gives to the result; ``result``: what a run ends
    with."""

    capability: str
    one: str
    many: str
    part: str = ""
    parts: str = ""
    share: str = "part"
    shares: str = "parts"
    result: str = "result"

    def size(self, series: Series) -> Spans:
        """What a run of a series is of, to follow its noun: `` of 5 agents``; nothing where that is
        not said."""
        held = series.held(self.parts, self.part, self.parts) if self.parts else None
        return [" of ", held] if held else []

    @property
    def a_run(self) -> str:
        """With the article: ``a request``, ``an answer``."""
        return _with_article(self.one)

    @property
    def a_share(self) -> str:
        """With the article: ``an offer``."""
        return _with_article(self.share)


def _with_article(noun: str) -> str:
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"


Write = Callable[[CommitResults], Section | None]
"""Writes a section; None where nothing of it was measured."""


@dataclass(frozen=True)
class CapabilityReport:
    """A capability's part of the report. ``checked``: what is checked of every run, to follow a
    colon; ``sections``: in the order of the report."""

    wording: Wording
    checked: str
    sections: Sequence[Write]
