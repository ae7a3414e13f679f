"""What a driver offers: a ``Target`` with one or more capabilities.

A driver is ``targets/NAME/driver.py``, or a package ``targets/NAME/driver`` with a module for each
capability, with a top-level ``TARGET``. It uses its SDK's public API only, works over that SDK's
whole history, never measures, and imports its SDK inside functions, so that it can be loaded at a
commit where the SDK cannot.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar

from mocks.world import World

W = TypeVar("W", bound=World)
H = TypeVar("H")
C = TypeVar("C", bound="Capability[Any, Any]")

TEMPORARY_FOLDER = "{temporary folder}"
"""Stands in a value of ``Target.environment`` for the path of a folder that is empty when the SDK
is imported and deleted when its process has ended."""


class Unavailable(NotImplementedError):
    """The SDK does not have this at this commit. Recorded as n/a, with the message as reason."""


class Lacking(Unavailable):
    """The SDK has nothing at all of the capability that is being opened: nobody need ask for any
    more of it at this commit."""


@dataclass(frozen=True, kw_only=True)
class Capability(Generic[W, H]):
    """What a driver offers of one capability. Each module of ``targets.protocols`` has a subclass,
    which gives it its ``name``.

    ``open`` connects the SDK to the capability's world and gives what the capability's protocol
    says. It may be a coroutine function: then it is awaited on the virtual clock, and tasks that it
    starts live until what it opened is closed (``targets.opening``). It raises ``Lacking`` where
    the SDK has nothing of the kind, ``Unavailable`` where it has nothing for this world,
    ``ImportError`` and the like where the SDK is broken.
    """

    name: ClassVar[str] = ""
    open: Callable[[W], H | Coroutine[Any, Any, H]]

    def problem(self) -> str | None:
        """What is wrong with what the driver gives, ``None`` if nothing can be seen to be."""
        return None if callable(self.open) else "open must be a function that takes a world"


@dataclass(frozen=True, kw_only=True)
class Target:
    """One subject under test.

    ``name``: the folder's. ``imports``: the modules a user imports to do the work, or
    ``module:name`` for a name that is imported from one, where packages load what is in them when
    it is first asked for; their import is what ``benchmarks.imports`` measures, and their top-level
    packages are "the SDK's own files", unless ``packages`` says that others share a top-level
    package with it (``google.adk``).
    ``capabilities``: what the SDK can do; the benchmarks of any other capability are n/a.
    ``environment``: variables that are set in the benchmark process, and so in the processes that
    it starts, before the SDK is imported.
    """

    name: str
    imports: Sequence[str]
    capabilities: Sequence[Capability[Any, Any]] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    packages: Sequence[str] = ()

    @property
    def own(self) -> Sequence[str]:
        """The packages that are the SDK's own, each once, in their order."""
        return sorted({*self.packages} or {module.partition(".")[0] for module in self.modules})

    @property
    def modules(self) -> Sequence[str]:
        """The modules of ``imports``, each once, in their order."""
        return list(dict.fromkeys(one.partition(":")[0] for one in self.imports))

    def capability(self, kind: type[C]) -> C | None:
        """What the driver offers of this kind, ``None`` if the SDK does not have it."""
        return next((one for one in self.capabilities if isinstance(one, kind)), None)
