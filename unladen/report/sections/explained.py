"""What each step of the history is, by those who have read its commits; and what is no step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from unladen.changes.by_commit import Item, group_changes
from unladen.changes.exact import find_exact_changes
from unladen.changes.model import Change
from unladen.changes.standing import standing
from unladen.labels.explanations import Explained, Explanation, explain
from unladen.report import sides
from unladen.report.commit_results import CommitResults, commit_fact
from unladen.report.document import Block, Bullets, Prose, Section, Spans, joined, listed, sentence
from unladen.report.figures import Fact
from unladen.store.series import cell_text
from unladen.text.dates import day
from unladen.text.names import shown_name

MOST = 4
"""Items that are told of one explanation."""

FIRST = -1000
"""Added to the rank of what leads: before all findings that the report makes by itself."""


def write(results: CommitResults) -> Section | None:
    """Each step with what its commit did; nothing where nobody has explained any."""
    if not results.explanations:
        return None
    explained = explain(results.history, results.explanations)
    if not explained.told:
        return None
    told = [_told(results, one, changes) for one, changes in explained.told]
    blocks: list[Block] = [*_counted(results, explained), Bullets(told)]
    if explained.untold:
        text = Prose()
        text.say("Nobody has said what did these:")
        blocks += text.paragraph()
        blocks.append(Bullets([_item(results, item) for item in _items(results, explained.untold)]))
    findings = [
        (FIRST + one.rank, _finding(results, one, one.shown(changes)))
        for one, changes in explained.told
        if one.rank is not None
    ]
    return Section("What each step is", blocks, findings)


def _counted(results: CommitResults, explained: Explained) -> list[Block]:
    """How many commits are steps, and what the others are."""
    stepping = {change.commit.hash for _, changes in explained.told for change in changes}
    stepping |= {change.commit.hash for change in explained.untold}
    changed = {change.commit.hash for change in find_exact_changes(results.history)}
    measured = results.commits
    others = [commit.hash for commit in measured[1:] if commit.hash not in stepping]
    answering = [commit for commit in others if _says_anything(results, commit)]
    same = [commit for commit in answering if commit not in changed]
    text = Prose()
    text.say(
        "Of {} measured commits {} change what the subject does: exact figures of virtual time, "
        "calls and outcomes. What each of these did is told below, with where, by somebody who has "
        "read it.",
        _number(measured),
        _number(stepping),
    )
    text.say(
        "Of the {} others after the first, {} have such figures: each is that of the commit "
        "before, to the digit. At {} of them the same holds of work and imports. At {} "
        "nothing runs.",
        _number(others),
        _number(answering),
        _number(same),
        Fact(f"{len(others) - len(answering):,}"),
    )
    return text.paragraph()


def _says_anything(results: CommitResults, commit: str) -> bool:
    """Whether any exact series that says what the subject does has a value at a commit."""
    at = next(n for n, one in enumerate(results.history.commits) if one.hash == commit)
    return any(
        one.stored.status(at, cell).has_value
        for one in results.all_series()
        if one.info.is_exact and one.info.is_behaviour
        for cell in range(len(one.info.cells))
    )


def _number(things: Sequence[object] | set[str]) -> Fact:
    return Fact(f"{len(things):,}")


def _told(results: CommitResults, explanation: Explanation, changes: Sequence[Change]) -> Spans:
    """The commit, what it did and where, and the steps that are its doing."""
    commit = changes[0].commit
    items = _items(results, changes)
    said = [_item(results, item) for item in items[:MOST]]
    more = len(items) - len(said)
    return sentence(
        "{} of {}: {} ({}). {}{}.",
        commit_fact(commit),
        Fact(day(commit.date)),
        Fact(explanation.what),
        listed([Fact(place, code=True) for place in explanation.where]),
        joined(said, "; "),
        sentence("; and {} more", Fact(f"{more:,}")) if more else [],
    )


def _items(results: CommitResults, changes: Iterable[Change]) -> list[Item]:
    grouped = group_changes(results.history, changes)
    return [item for one in reversed(grouped.commits) for item in one.items]


def _item(results: CommitResults, item: Item) -> Spans:
    """The biggest of these changes, and how many there are."""
    change = item.biggest
    more = len(item.changes) - 1
    where = f"{cell_text(change.cell)}{f' and {more:,} more' if more else ''}".strip()
    return sentence(
        "{}{}: {} to {}",
        Fact(shown_name(change.series.name), code=True),
        [Fact(f" {where}")] if where else [],
        sides.before(results, change),
        sides.after(results, change),
    )


def _finding(results: CommitResults, explanation: Explanation, changes: Sequence[Change]) -> Spans:
    item = _items(results, changes)[0]
    remains = standing(item.changes)
    until: Spans = [", to this day"]
    if remains.undone_by:
        until = sentence(", until {}", commit_fact(remains.undone_by))
    elif remains.is_undone:
        until = []
    return sentence(
        "{}: {}. {}{}.",
        commit_fact(changes[0].commit),
        Fact(explanation.what),
        _item(results, item),
        until,
    )
