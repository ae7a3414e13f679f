"""What a report says of other orders of what is due at the same instant."""

from __future__ import annotations

from unladen.report.commit_results import CommitResults
from unladen.report.document import Prose, Section, Spans, sentence
from unladen.report.figures import Fact
from unladen.report.tables import Rows, table_of

RACES = "service.races.Races"

_ROWS: Rows = (
    ("ways to end that the usual order does not show", "track_outcomes"),
    ("requests without a right reply", "track_requests_lost"),
    ("replies for somebody else", "track_crosstalk"),
)


def write_races(results: CommitResults) -> Section | None:
    """Whether users at once get another thing in other orders."""
    outcomes = results.series(f"{RACES}.track_outcomes")
    if outcomes is None:
        return None
    caption = Prose()
    caption.say("The worst of all orders of what is due at the same instant.")
    caption.say(
        "There were {} users at the same moment, in the usual order and in {}.",
        outcomes.held("runs"),
        outcomes.held("schedules", "other", "others"),
    )
    blocks = table_of(results, RACES, _ROWS, "kind", caption.spans)
    findings: list[tuple[int, Spans]] = []
    for params, figure in outcomes.figures():
        if figure.value:
            said = "Requests for a {} race: in some orders of an instant they end in {} that the "
            said += "usual one does not show. {}"
            note = outcomes.said(outcomes.cell(**params))
            ways = figure.counted("way", "ways")
            findings.append((0, sentence(said, Fact(params["kind"]), ways, Fact(note))))
    return Section("In other orders", blocks, findings) if blocks else None
