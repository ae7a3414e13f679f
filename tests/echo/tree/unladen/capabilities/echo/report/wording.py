"""How a report speaks of echoes."""

from unladen.report.wording import Wording

WORDING = Wording(
    capability="echo",
    one="echo",
    many="echoes",
    part="word",
    parts="words",
    share="word",
    shares="words",
    result="phrase",
)
