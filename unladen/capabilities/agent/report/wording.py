"""How a report speaks of agents."""

from unladen.report.wording import Wording

WORDING = Wording(
    capability="agent",
    one="run",
    many="runs",
    share="word",
    shares="words",
    result="answer",
)
