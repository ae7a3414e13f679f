"""How a report speaks of turns."""

from unladen.report.wording import Wording

WORDING = Wording(
    capability="turns",
    one="turn",
    many="turns",
    share="answer",
    shares="answers",
    result="answer",
)
