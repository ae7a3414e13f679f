"""What a report says of a service's races."""

from __future__ import annotations

from made_history import series
from made_report import findings_of, measured, text_of

from unladen.capabilities.service.report.races import RACES, write_races
from unladen.report.document import Section

HOLDS = {"runs": 10, "schedules": 8}
KINDS = {"kind": ("'chat'", "'stream'")}


def section(chat: int, stream: int | str) -> Section | None:
    """Of a service of which so many ways to end are found."""
    names = ("track_outcomes", "track_requests_lost", "track_crosstalk")
    rows = [
        (series(f"{RACES}.{name}", axes=KINDS, holds=HOLDS), [[chat, stream]]) for name in names
    ]
    return write_races(measured(*rows))


def test_without_figures_nothing_is_said() -> None:
    assert write_races(measured((series("m.C.track_other"), [1]))) is None


def test_a_service_without_races_has_a_table() -> None:
    found = section(0, "n/a")
    text = text_of(found)
    assert "10 users at the same moment" in text
    assert "8 others" in text
    assert "replies for somebody else" in text
    assert "stream" not in text
    assert findings_of(found) == []


def test_a_race_is_a_finding() -> None:
    said = "Requests for a stream race: in some orders of an instant they end in 2 ways that the"
    (finding,) = findings_of(section(0, 2))
    assert finding.startswith(said)
