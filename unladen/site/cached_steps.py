"""Keeping what was found out about sampled series between one publish and the next.

See ``unladen.detection.memory``: what is asked for is found by a digest of the readings, so that
nothing in the file can be out of date, except after a change of the code, which is another version.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from unladen.asv_bridge.console import log
from unladen.detection import Memory, remembering
from unladen.detection.memory import KEY_BYTES, LONGEST_ANSWER, Answer, version
from unladen.site.cache import DAMAGED
from unladen.site.files import replacing


@contextmanager
def remembered_steps(file: Path) -> Iterator[Memory]:
    """Within it, steps are looked for with what the file knows; at the end it is brought up to
    date. Without a file, or with a damaged one, everything is found anew."""
    memory = Memory(_load(file))
    with remembering(memory):
        yield memory
    if memory.is_kept:
        return
    try:
        _save(file, memory.used)
    except OSError as error:
        log.warning(f"the next publish will look for all steps again: {error}")


def _save(file: Path, answers: Mapping[bytes, Answer]) -> None:
    filled = np.full((len(answers), LONGEST_ANSWER), np.nan)
    for row, answer in zip(filled, answers.values(), strict=True):
        row[: len(answer)] = answer
    file.parent.mkdir(parents=True, exist_ok=True)
    with replacing(file) as stream:
        np.savez(
            stream,
            version=np.frombuffer(version().encode(), dtype=np.uint8),
            keys=np.frombuffer(b"".join(answers), dtype=np.uint8).reshape(-1, KEY_BYTES),
            answers=filled,
        )


def _load(file: Path) -> dict[bytes, Answer]:
    try:
        with np.load(file, allow_pickle=False) as archive:
            if archive["version"].tobytes() != version().encode():
                return {}
            keys, filled = archive["keys"], archive["answers"]
    except DAMAGED:
        # No file, or a damaged one: everything is found anew.
        return {}
    if (keys.shape[1:], filled.shape) != ((KEY_BYTES,), (len(keys), LONGEST_ANSWER)):
        return {}
    lengths = np.isfinite(filled).sum(axis=1).tolist()
    rows = zip(keys, filled.tolist(), lengths, strict=True)
    return {key.tobytes(): tuple(answer[:length]) for key, answer, length in rows}
