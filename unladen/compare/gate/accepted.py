"""What fails a gate, and of which somebody said before that it may be so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from unladen.compare.gate.model import BREAKING, FAILING, Finding, Judgement
from unladen.project.project import Project
from unladen.repo.commits import SHORT, commits_between
from unladen.repo.repository import Repository
from unladen.results.squashed_triage import with_brought
from unladen.store.triage import TriageEntry, TriageFile, TriageWord, load_triage


@dataclass(frozen=True)
class Accepted:
    """``said``: of commits that HEAD has and BASE has not; ``remarks``: lines for the user."""

    said: Sequence[TriageEntry] = ()
    remarks: Sequence[str] = ()

    def applied(self, findings: Iterable[Finding]) -> list[Finding]:
        """The findings, those that are accepted marked so, with the reason."""
        return [self._judged(one) for one in findings]

    def _judged(self, finding: Finding) -> Finding:
        if finding.judgement not in FAILING:
            return finding
        for said in self.said:
            if said.covers(finding.cell.series, finding.cell.params) and _is_within(finding, said):
                note = f"{said.text} ({said.commit[:SHORT]})"
                return replace(finding, judgement=Judgement.ACCEPTED, note=note)
        return finding


def accepted_between(project: Project, repository: Repository, base: str, head: str) -> Accepted:
    """What is said beside the results of the commits, whole hashes, after ``base`` up to
    ``head``, or of those that they were before a rebase or a
    squash merge."""
    file = load_triage(project.results)
    said = [one for one in file.entries if one.said is not TriageWord.REPORTED]
    if said:
        commits = commits_between(repository, base, head)
        hashes = {commit.hash for commit in commits}
        told = with_brought(TriageFile(said), project, repository, commits, head)
        said = [one for one in told.on(commits).entries if one.commit in hashes]
    return Accepted(said, file.remarks)


def _is_within(finding: Finding, said: TriageEntry) -> bool:
    """Whether no more is found than what somebody saw: not worse than that by the threshold."""
    series = finding.cell.series
    if said.said is TriageWord.NOISE and series.is_exact:
        return False
    limit = said.series[series.name].up_to
    if limit is None:
        return True
    if finding.judgement in BREAKING or finding.worse is None:
        return False
    return finding.worse <= limit + finding.threshold
