"""What is asked of a capability besides, and what the target under test offers of that."""

from __future__ import annotations

from typing import Any, TypeVar

from benchmarks.core import subject
from targets import loading
from targets.protocol import Capability, Lacking

C = TypeVar("C", bound=Capability[Any, Any])


def part(kind: type[C]) -> C:
    """What the target offers of this kind, in a module beside its driver (``loading.part``).
    ``Lacking`` where it has none."""
    subject.require_sdk()
    name = subject.target().name
    offered = loading.part(name, kind)
    if offered is None:
        raise Lacking(f"{name} has no {kind.name}: no {kind.name.replace('.', '_')}.py")
    return offered
