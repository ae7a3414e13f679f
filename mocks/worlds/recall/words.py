"""Words in pairs of one meaning, and vectors of texts that go by the meaning."""

from __future__ import annotations

import math
import re
from collections import Counter

_PAIRS = """
king/monarch castle/fortress forest/woods river/stream sword/blade wizard/sorcerer village/hamlet
road/path mountain/peak storm/tempest treasure/riches merchant/trader soldier/warrior ship/vessel
harbour/port island/isle night/darkness morning/dawn winter/frost summer/heat letter/message
secret/mystery promise/oath enemy/foe friend/ally child/infant mother/parent brother/sibling
stranger/outsider guest/visitor feast/banquet bread/loaf wine/claret horse/steed wolf/hound
raven/crow garden/orchard tower/spire bridge/crossing gate/portal wall/rampart door/entrance
window/pane lamp/lantern fire/blaze ash/cinder stone/rock gold/bullion silver/sterling iron/metal
song/melody drum/tambour dance/waltz dream/vision fear/dread anger/fury sorrow/grief joy/delight
hope/trust war/battle peace/truce law/statute judge/magistrate thief/robber
"""

CONCEPTS = tuple(tuple(pair.split("/")) for pair in _PAIRS.split())
"""What can be said, in two words each that mean the same."""

_CONCEPT = {word: concept for concept, pair in enumerate(CONCEPTS) for word in pair}
_WORD = re.compile(r"[a-z]+")


def words_of(concept: int) -> tuple[str, ...]:
    """The two words of a concept."""
    return CONCEPTS[concept]


def embed(text: str) -> list[float]:
    """The vector of a text, of length 1: texts that mean the same have the same. A text that says
    nothing known has the zero vector."""
    counts = Counter(_CONCEPT[word] for word in _WORD.findall(text.lower()) if word in _CONCEPT)
    length = math.sqrt(sum(count * count for count in counts.values()))
    return [counts[concept] / length if length else 0.0 for concept in range(len(CONCEPTS))]
