"""``POST /v1/embeddings``: vectors that depend on nothing but the text."""

from __future__ import annotations

import base64
import hashlib
import math
import re
import struct
from dataclasses import dataclass
from functools import lru_cache

from mocks.openai.api import Content
from mocks.openai.asked import Asked, BadRequest, count, json_object, text
from mocks.openai.said import tokens

PATH = "/embeddings"

_DIMENSIONS = 1536
_MOST_DIMENSIONS = 16_384
_PLACES = 8
"""Numbers of the vector that a word changes."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Texts:
    """What is to be embedded."""

    model: str
    texts: tuple[str, ...]
    dimensions: int
    as_base64: bool

    def asked(self) -> Asked:
        """The request as one to the model."""
        return Asked(
            model=self.model,
            system="",
            prompt="\n".join(self.texts),
            functions=(),
            choice="none",
            stream=False,
            stream_usage=False,
        )


def read(body: bytes) -> Texts:
    """A request. Raises ``BadRequest``."""
    content = json_object(body)
    form = content.get("encoding_format")
    if form not in (None, "float", "base64"):
        raise BadRequest("encoding_format must be float or base64")
    dimensions = count(content.get("dimensions"), "dimensions") or _DIMENSIONS
    if dimensions > _MOST_DIMENSIONS:
        raise BadRequest(f"dimensions must be {_MOST_DIMENSIONS} or less")
    return Texts(
        model=text(content.get("model"), "model"),
        texts=_inputs(content.get("input")),
        dimensions=dimensions,
        as_base64=form == "base64",
    )


def answer(texts: Texts) -> Content:
    """The vectors, in the order of the texts."""
    data = []
    for index, each in enumerate(texts.texts):
        numbers = vector(each, texts.dimensions)
        embedding = _base64(numbers) if texts.as_base64 else numbers
        data.append({"object": "embedding", "index": index, "embedding": embedding})
    used = sum(map(tokens, texts.texts))
    usage = {"prompt_tokens": used, "total_tokens": used}
    return {"object": "list", "data": data, "model": texts.model, "usage": usage}


def vector(text: str, dimensions: int) -> list[float]:
    """A vector of length 1, the same in every process. Each word changes a few of its numbers by
    one, up or down, so that texts of the same words are near each other (feature hashing:
    Weinberger et al., 2009, https://arxiv.org/abs/0902.2206)."""
    numbers = [0.0] * dimensions
    for word in _WORD.findall(text.lower()) or [text]:
        for place, step in _places(word):
            numbers[place % dimensions] += step
    length = math.sqrt(sum(number * number for number in numbers))
    if not length:
        return [1.0, *numbers[1:]]
    return [number / length for number in numbers]


@lru_cache(maxsize=10_000)
def _places(word: str) -> tuple[tuple[int, float], ...]:
    digest = hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=_PLACES * 4)
    places = struct.unpack(f"<{_PLACES}I", digest.digest())
    return tuple((place >> 1, 1.0 if place & 1 else -1.0) for place in places)


def _base64(numbers: list[float]) -> str:
    # Little endian, as OpenAI's clients read them.
    return base64.b64encode(struct.pack(f"<{len(numbers)}f", *numbers)).decode()


def _inputs(value: object) -> tuple[str, ...]:
    """A text, a list of texts, or either as lists of tokens."""
    wrong = BadRequest("input must be a text, or a list of texts, that say something")
    if isinstance(value, str) and value:
        return (value,)
    if not isinstance(value, list) or not value:
        raise wrong
    if all(isinstance(part, str) and part for part in value):
        return tuple(value)
    if all(isinstance(part, int) for part in value):
        return (_of_tokens(value),)
    if all(isinstance(p, list) and p and all(isinstance(t, int) for t in p) for p in value):
        return tuple(map(_of_tokens, value))
    raise wrong


def _of_tokens(tokens: list[int]) -> str:
    return " ".join(map(str, tokens))
