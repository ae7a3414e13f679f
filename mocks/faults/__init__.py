"""What can go wrong around an SDK, and how it is brought into its world.

A ``PlannedFault`` brings one ``Case`` into a world, as the schedule of its model's faults and as
its trouble. A capability has its own list of cases. What an SDK makes of one is judged elsewhere.
"""

from mocks.faults.case import Case, Outcome, What, When
from mocks.faults.plan import PlannedFault, Runaway

__all__ = ["Case", "Outcome", "PlannedFault", "Runaway", "What", "When"]
