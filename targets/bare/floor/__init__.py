"""A negotiation in plain asyncio: the least that any SDK has to do.

No time-outs, no retries, no validation, no state machine: one coroutine that awaits the model
where the work needs it and runs together what can run together.
"""

from .negotiation import Client, Floor, Session

__all__ = ["Client", "Floor", "Session"]
