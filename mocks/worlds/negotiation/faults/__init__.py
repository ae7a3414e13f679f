"""The faults of negotiation: what can go wrong around an SDK, and what a robust one makes of it.

``CASES`` lists them; a ``NegotiationFault`` brings one into a world.
"""

from mocks.worlds.negotiation.faults.catalogue import CASES
from mocks.worlds.negotiation.faults.confirmation import User
from mocks.worlds.negotiation.faults.custom_tool import CUSTOM_TOOL, CustomToolScript, look_up
from mocks.worlds.negotiation.faults.parts import Part
from mocks.worlds.negotiation.faults.plan import NegotiationFault
from mocks.worlds.negotiation.faults.where import Where

__all__ = [
    "CASES",
    "CUSTOM_TOOL",
    "CustomToolScript",
    "NegotiationFault",
    "Part",
    "User",
    "Where",
    "look_up",
]
