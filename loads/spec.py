"""What a real load is: written to a file for Locust's processes, which get it by its name."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from mocks.worlds.service.endpoints import Endpoint, Kind, openai_body
from mocks.worlds.service.profile_files import as_json, read_profile
from mocks.worlds.service.profiles import Profile
from targets.loading import load
from targets.protocols.service import Service

VARIABLE = "UNLADEN_LOAD_SPEC"
"""Names the file, for who starts Locust themselves, too."""

AUTHORIZATION = "UNLADEN_LOAD_AUTHORIZATION"
"""The value of the header Authorization. Never an argument: every process can read those."""

OPENAI = (
    Endpoint(
        kind=Kind.CHAT, path="/v1/chat/completions", body=lambda ask: openai_body(ask), marked=False
    ),
    Endpoint(
        kind=Kind.STREAM,
        path="/v1/chat/completions",
        body=lambda ask: openai_body(ask, stream=True),
        marked=False,
    ),
)
"""What is asked where no driver says it. A model that is none of ours repeats no mark; one of
another user in a reply is wrong all the same."""


class NoService(Exception):
    """A target is no service; one line says so."""


@dataclass(frozen=True)
class LoadSpec:
    """A load and on what.

    ``url``: the base of the service; ``target``: whose driver says what is asked, "" for an
    OpenAI-compatible endpoint; ``profile``: ``name`` and settings; ``limit``: what the model's
    provider admits in a minute, None if that is not known; ``sources``: how many send the requests
    of an open load; ``output``: the file descriptor of the rows.
    """

    url: str
    target: str
    name: str
    settings: Mapping[str, Any]
    seed: int
    limit: int | None
    sources: int
    output: int

    @classmethod
    def of(cls, profile: Profile, **others: Any) -> LoadSpec:
        """Of a profile; ``others``: what it does not say."""
        return cls(name=profile.name, settings=as_json(profile), **others)

    @classmethod
    def read(cls, path: Path) -> LoadSpec:
        """From the file."""
        return cls(**json.loads(path.read_text("utf-8")))

    def write(self, path: Path) -> None:
        """To the file."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @property
    def profile(self) -> Profile:
        """How many users when, and how they behave."""
        return read_profile(self.name, self.settings)

    @property
    def is_open(self) -> bool:
        """Whether requests come however long the replies take."""
        return self.profile.arrivals_per_s is not None

    @property
    def spawned(self) -> int:
        """Locust's users: those who come, or the sources of an open load."""
        return self.sources if self.is_open else len(list(self.profile.stays()))

    @property
    def base(self) -> SplitResult:
        """The URL's parts. For an OpenAI-compatible endpoint it may end in /v1 or not."""
        url = urlsplit(self.url)
        if self.target:
            return url
        return url._replace(path=url.path.rstrip("/").removesuffix("/v1"))

    @property
    def headers(self) -> Mapping[str, str]:
        """Sent with each request."""
        value = os.environ.get(AUTHORIZATION, "")
        return {"Authorization": value} if value else {}

    def endpoints(self) -> Sequence[Endpoint]:
        """What is asked. Raises ``NoService``, ``DriverError``."""
        return service_of(self.target).endpoints if self.target else OPENAI


def service_of(target: str) -> Service:
    """What the driver of a target offers of a service. Raises ``NoService``, ``DriverError``."""
    found = load(target).capability(Service)
    if found is None:
        raise NoService(f"{target} is no service: its driver has no capability Service")
    return found
