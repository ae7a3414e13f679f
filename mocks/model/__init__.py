"""The mock LLM: replies after a latency that passes on the loop's clock, and keeps a call log."""

from mocks.model.errors import Disconnected, GatewayTimeout, ModelError, RateLimited, Unserved
from mocks.model.latency import Constant, Latency, LogNormal, Uniform
from mocks.model.limits import RateLimit
from mocks.model.log import Call, Span
from mocks.model.messages import Reply, Request, ToolCall
from mocks.model.model import Fault, Faults, Model, Streaming, StreamingFault
from mocks.model.replies import ByRole, Replies, Scripted
from mocks.model.wakeups import ReversedWakeups, ScheduledWakeups, Wakeups

__all__ = [
    "ByRole",
    "Call",
    "Constant",
    "Disconnected",
    "Fault",
    "Faults",
    "GatewayTimeout",
    "Latency",
    "LogNormal",
    "Model",
    "ModelError",
    "RateLimit",
    "RateLimited",
    "Replies",
    "Reply",
    "Request",
    "ReversedWakeups",
    "ScheduledWakeups",
    "Scripted",
    "Span",
    "Streaming",
    "StreamingFault",
    "ToolCall",
    "Uniform",
    "Unserved",
    "Wakeups",
]
