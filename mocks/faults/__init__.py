"""The fault catalogue: what can go wrong around an SDK, and the worlds in which it does.

``CASES`` lists the faults; a ``PlannedFault`` brings one into a world, as the schedule of its
model's faults and as its trouble. What an SDK makes of it is judged elsewhere.
"""

from mocks.faults.case import Case, Outcome, Part, What, When, Where
from mocks.faults.catalogue import CASES
from mocks.faults.confirmation import User
from mocks.faults.plan import PlannedFault, Runaway
from mocks.faults.script import CUSTOM_TOOL, CustomToolScript, look_up

__all__ = [
    "CASES",
    "CUSTOM_TOOL",
    "Case",
    "CustomToolScript",
    "Outcome",
    "Part",
    "PlannedFault",
    "Runaway",
    "User",
    "What",
    "When",
    "Where",
    "look_up",
]
