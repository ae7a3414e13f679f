"""The mock LLM: replies after a latency that passes on the loop's clock, and keeps a call log."""

from mocks.model.errors import Disconnected, ModelError, RateLimited
from mocks.model.latency import Constant, Latency, LogNormal, Uniform
from mocks.model.limits import RateLimit
from mocks.model.log import Call, Span, spans
from mocks.model.messages import Reply, Request, ToolCall
from mocks.model.model import Fault, Faults, Model, Streaming
from mocks.model.replies import ByRole, Scripted

__all__ = [
    "ByRole",
    "Call",
    "Constant",
    "Disconnected",
    "Fault",
    "Faults",
    "Latency",
    "LogNormal",
    "Model",
    "ModelError",
    "RateLimit",
    "RateLimited",
    "Reply",
    "Request",
    "Scripted",
    "Span",
    "Streaming",
    "ToolCall",
    "Uniform",
    "spans",
]
