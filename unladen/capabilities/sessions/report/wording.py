"""How a report speaks of sessions."""

from unladen.report.wording import Wording

WORDING = Wording(
    capability="sessions",
    one="session",
    many="sessions",
    part="note",
    parts="notes",
    share="note",
    shares="notes",
    result="session",
)
