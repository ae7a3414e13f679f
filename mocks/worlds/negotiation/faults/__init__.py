"""The faults of negotiation: what can go wrong around an SDK, and what a robust one makes of it.

``CASES`` lists them; a ``NegotiationFault`` brings one into a world.
"""

from mocks.worlds.negotiation.faults.catalogue import CASES
from mocks.worlds.negotiation.faults.confirmation import User
from mocks.worlds.negotiation.faults.custom_tool import CUSTOM_TOOL, CustomToolScript, look_up
from mocks.worlds.negotiation.faults.parts import Part
from mocks.worlds.negotiation.faults.plan import NegotiationFault

__all__ = [
    "CASES",
    "CUSTOM_TOOL",
    "CustomToolScript",
    "NegotiationFault",
    "Part",
    "User",
    "look_up",
]
