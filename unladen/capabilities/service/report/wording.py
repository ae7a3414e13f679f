"""How a report speaks of services."""

from unladen.report.wording import Wording

WORDING = Wording(
    capability="service",
    one="request",
    many="requests",
    share="reply",
    shares="replies",
    result="reply",
)
