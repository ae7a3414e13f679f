"""What a service is asked: its endpoints, a request to one, and whether the reply is right."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from mocks.worlds.service.marks import marks_in, user_of
from mocks.worlds.service.rows import Error, Row, error_of
from mocks.worlds.service.users import User


class Kind(StrEnum):
    """What an endpoint is for."""

    CHAT = "chat"
    """A reply in words, whole."""
    STREAM = "stream"
    """The same in server-sent events."""
    BLOCKED = "blocked"
    """A prompt that the service refuses by itself, without a call to a model."""
    HEALTH = "health"
    """Whether it lives: no model, no work."""
    WORK = "work"
    """Other work with a model, such as building a page."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What a user wants. ``mark`` is part of ``text``; ``prompt``: the kind of the text.

    ``number``: which of the user's requests it is (1, 2, ...); ``turn``: which of its
    ``conversation``, which is a number too; ``earlier``: what was said in it before, as (the user's
    text, the reply's).
    """

    user: User
    number: int
    prompt: str
    text: str
    mark: str
    conversation: int = 1
    turn: int = 1
    earlier: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a reply's body and when it came."""

    at: float
    data: bytes


@dataclass(frozen=True, slots=True)
class Event:
    """A server-sent event: its ``data`` and when it was complete."""

    at: float
    data: str
    name: str = ""


@dataclass(frozen=True)
class Answer:
    """What came of a request, once nothing more comes.

    ``status``: ``None`` if not even that came; ``answered``: when the head came; ``broken``: why
    the reply is not complete, empty if it is; ``timed_out``: the user gave up.
    """

    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    pieces: Sequence[Piece] = ()
    answered: float | None = None
    broken: str = ""
    timed_out: bool = False

    @cached_property
    def body(self) -> bytes:
        """The whole body."""
        return b"".join(piece.data for piece in self.pieces)

    def events(self) -> Sequence[Event]:
        """The server-sent events in it (comments, such as heartbeats, are none)."""
        return self._sent

    @cached_property
    def _sent(self) -> Sequence[Event]:
        return list(_events(self.pieces))

    @cached_property
    def words(self) -> dict[Callable[..., str], str]:
        """Its words, by what has read them: they are asked for again and again."""
        return {}


def _events(pieces: Sequence[Piece]) -> Iterator[Event]:
    data: list[str] = []
    name = ""
    rest = b""
    for piece in pieces:
        *lines, rest = (rest + piece.data).split(b"\n")
        for raw in lines:
            line = raw.rstrip(b"\r").decode("utf-8", "replace")
            if line:
                key, _, value = line.partition(":")
                value = value.removeprefix(" ")
                if key == "data":
                    data.append(value)
                elif key == "event":
                    name = value
            else:
                if data:
                    yield Event(piece.at, "\n".join(data), name)
                data, name = [], ""


def openai_text(body: bytes) -> str:
    """The text of a ``chat.completion``; raises ``ValueError`` if it is none."""
    try:
        return str(json.loads(body)["choices"][0]["message"]["content"] or "")
    except (LookupError, TypeError, ValueError) as error:
        raise ValueError(f"no chat completion: {body[:80]!r}") from error


def openai_token(data: str) -> str:
    """The text that a ``chat.completion.chunk`` carries, often none."""
    if data == "[DONE]":
        return ""
    try:
        choices = json.loads(data)["choices"]
        return str(choices[0]["delta"].get("content") or "") if choices else ""
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise ValueError(f"no chunk of a chat completion: {data[:80]!r}") from error


def openai_body(ask: Ask, *, stream: bool = False) -> dict[str, Any]:
    """A chat-completions request with what was said before."""
    messages = [
        {"role": role, "content": text}
        for said in ask.earlier
        for role, text in zip(("user", "assistant"), said, strict=True)
    ]
    return {
        "model": "unladen-mock",
        "messages": [*messages, {"role": "user", "content": ask.text}],
        "stream": stream,
    }


def _no_headers(ask: Ask) -> Mapping[str, str]:
    return {}


def _nothing_else(ask: Ask, answer: Answer) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """How one kind of thing is asked of a service.

    ``path`` and ``body`` (what becomes JSON; ``None``: there is none) may depend on the ask;
    ``status``: of a right reply; ``text``: the words of a whole reply, ``token``: of one event;
    both raise ``ValueError`` for what they cannot read. ``wrong``: what else is wrong with a reply
    that has the right status and mark, empty if nothing is. ``marked``: whether a right reply
    carries the ask's mark; usually what comes from the model does.
    """

    kind: Kind
    path: str | Callable[[Ask], str]
    method: str = "POST"
    headers: Callable[[Ask], Mapping[str, str]] = _no_headers
    body: Callable[[Ask], object] | None = None
    status: int = 200
    text: Callable[[bytes], str] = openai_text
    token: Callable[[str], str] = openai_token
    wrong: Callable[[Ask, Answer], str] = _nothing_else
    marked: bool | None = None

    @property
    def carries_mark(self) -> bool:
        """Whether a right reply carries the ask's mark."""
        if self.marked is not None:
            return self.marked
        return self.kind not in (Kind.BLOCKED, Kind.HEALTH)

    def path_of(self, ask: Ask) -> str:
        """Where it is asked."""
        return self.path if isinstance(self.path, str) else self.path(ask)

    def content(self, ask: Ask) -> bytes | None:
        """The body of the request; ``None`` if it has none."""
        if self.body is None:
            return None
        return json.dumps(self.body(ask), ensure_ascii=False).encode()

    def words(self, answer: Answer) -> str:
        """What a reply says: the words of a whole one, or of a stream's events together. Raises
        ``ValueError``."""
        read = self.token if self.kind is Kind.STREAM else self.text
        if read not in answer.words:
            if self.kind is Kind.STREAM:
                said = "".join(self.token(event.data) for event in answer.events())
            else:
                said = self.text(answer.body)
            answer.words[read] = said
        return answer.words[read]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with a reply: its class, and one line; ``foreign``: it carries another user's
    mark."""

    error: Error = Error.NONE
    reason: str = ""
    foreign: bool = False


def judge(endpoint: Endpoint, ask: Ask, answer: Answer) -> Verdict:
    """Whether a reply is what was asked for."""
    if other := _foreign_mark(endpoint, ask, answer):
        return Verdict(Error.WRONG, f"it carries {other} of another user", True)
    if answer.timed_out:
        return Verdict(Error.TIME_OUT, answer.broken or "the user gave up")
    if answer.status is None:
        return Verdict(Error.NETWORK, answer.broken or "no reply")
    if answer.status != endpoint.status:
        return Verdict(error_of(answer.status), f"status {answer.status}{_said(answer)}")
    if answer.broken:
        return Verdict(Error.NETWORK, answer.broken)
    reason = _wrong_content(endpoint, ask, answer) or endpoint.wrong(ask, answer)
    return Verdict(Error.WRONG, " ".join(reason.split())) if reason else Verdict()


def _foreign_mark(endpoint: Endpoint, ask: Ask, answer: Answer) -> str:
    """Looked for in the bytes and in the words: a stream may split a mark."""
    said = answer.body.decode("utf-8", "replace")
    with suppress(ValueError):
        said += "\n" + endpoint.words(answer)
    others = (mark for mark in marks_in(said) if user_of(mark) != user_of(ask.mark))
    return next(others, "")


def _wrong_content(endpoint: Endpoint, ask: Ask, answer: Answer) -> str:
    if endpoint.kind is Kind.STREAM:
        kind = answer.headers.get("content-type", "")
        if not kind.startswith("text/event-stream"):
            return f"no stream: its content type is {kind or 'missing'}"
        if not answer.events():
            return "a stream without data"
    if not endpoint.carries_mark:
        return ""
    try:
        words = endpoint.words(answer)
    except ValueError as error:
        return str(error)
    if not words:
        return "a stream without text" if endpoint.kind is Kind.STREAM else "a reply without text"
    return "" if ask.mark in words else f"it does not carry {ask.mark}"


def _said(answer: Answer) -> str:
    said = answer.body[:120].decode("utf-8", "replace")
    return f": {' '.join(said.split())}" if said else ""


def row_of(
    endpoint: Endpoint, ask: Ask, answer: Answer, *, due: float, started: float, ended: float
) -> Row:
    """The row of a request whose reply is judged. All times are of one clock."""
    verdict = judge(endpoint, ask, answer)
    events = answer.events() if endpoint.kind is Kind.STREAM else []
    moments = [started, *(piece.at for piece in answer.pieces), ended]
    if answer.answered is not None:
        moments.insert(1, answer.answered)
    return Row(
        user=ask.user.number,
        kind=endpoint.kind,
        prompt=ask.prompt,
        due=due,
        started=started,
        ended=ended,
        first_byte=answer.pieces[0].at if answer.pieces else None,
        first_token=next((each.at for each in events if _is_token(endpoint, each)), None),
        status=answer.status,
        error=verdict.error,
        reason=verdict.reason,
        received=sum(len(piece.data) for piece in answer.pieces),
        events=len(events),
        longest_gap=max(after - before for before, after in itertools.pairwise(moments)),
        foreign=verdict.foreign,
    )


def _is_token(endpoint: Endpoint, event: Event) -> bool:
    try:
        return bool(endpoint.token(event.data))
    except ValueError:
        return False
