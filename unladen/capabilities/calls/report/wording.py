"""How a report speaks of calls."""

from unladen.report.wording import Wording

WORDING = Wording(
    capability="calls",
    one="call",
    many="calls",
    part="message",
    parts="messages",
    share="message",
    shares="messages",
    result="target",
)
