"""What a report says of sessions."""

from unladen.capabilities.sessions.report import operations
from unladen.capabilities.sessions.report.wording import WORDING
from unladen.report.wording import CapabilityReport

REPORT = CapabilityReport(
    wording=WORDING,
    checked="each session came back with its title and all its notes, and none of another one's",
    sections=(operations.write,),
)
