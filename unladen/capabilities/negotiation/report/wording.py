"""How a report speaks of negotiations."""

from unladen.report.wording import Wording

WORDING = Wording(
    capability="negotiation",
    one="negotiation",
    many="negotiations",
    part="agent",
    parts="agents",
    share="offer",
    shares="offers",
    result="plan",
)
