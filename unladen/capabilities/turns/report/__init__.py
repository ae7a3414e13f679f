"""What a report says of turns."""

from functools import partial

from unladen.capabilities.turns.report import journey, provider, users, wanted
from unladen.capabilities.turns.report.wording import WORDING
from unladen.report.questions import tokens
from unladen.report.wording import CapabilityReport

REPORT = CapabilityReport(
    wording=WORDING,
    checked="each turn was answered with what the model said to it, and nothing of another user's",
    sections=(
        users.write,
        journey.write,
        wanted.write,
        provider.write,
        partial(tokens.write, words=WORDING),
    ),
)
