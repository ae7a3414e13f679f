"""How a report speaks of memories."""

from unladen.report.wording import Wording

WORDING = Wording(
    capability="recall",
    one="operation",
    many="operations",
    share="entity",
    shares="entities",
    result="entity",
)
