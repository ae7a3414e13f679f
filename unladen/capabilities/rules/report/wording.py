"""How a report speaks of rules."""

from unladen.report.wording import Wording

WORDING = Wording(
    capability="rules",
    one="reading",
    many="readings",
    part="kilobyte",
    parts="kilobytes",
    share="rule",
    shares="rules",
    result="constraint",
)
