"""What users say of themselves, for SDKs that ask: nested, and not all in ASCII."""

from __future__ import annotations

import random
import zlib

Profile = dict[str, object]

_NAMES = ("Zoë Lindqvist", "José Ångström", "Łukasz Dvořák", "陈晓雨", "Đorđe Müller", "Ngọc Hà")
_PLACES = ("Malmö", "São Paulo", "Kraków", "深圳", "Zürich", "Đà Nẵng")
_SKILLS = (
    "accounting", "carpentry", "cooking for fifty", "editing", "first aid", "grant writing",
    "lighting", "mapmaking", "moderation", "photography", "sewing", "stage direction",
)  # fmt: skip
_DEEDS = (
    "kept the books of a housing co-operative",
    "ran the kitchen of a summer camp",
    "rebuilt the stage of a village hall",
    "translated the programme of a film festival",
    "taught evening classes, mostly to beginners",
)


_COUNT = 16


def profile_of(user: str) -> Profile:
    """The profile of the user with this id, as a JSON-like dictionary that is new at each call.

    Equal ids give equal profiles in any process; users far apart may have the same. As long as an
    agent's, with a history besides: some 600 characters as JSON. They are made once: what an SDK
    does with a profile is measured, and not what it takes to write one.
    """
    return dict(_PROFILES[zlib.crc32(user.encode()) % _COUNT])


def _profile(number: int) -> Profile:
    draw = random.Random(number)
    place, skills = draw.choice(_PLACES), draw.sample(_SKILLS, 3)
    since = sorted(draw.sample(range(2004, 2026), 2))
    deeds = draw.sample(_DEEDS, 2)
    return {
        "name": draw.choice(_NAMES),
        "skills": skills,
        "bio": (
            f"Lives in {place} and has done {skills[0]} and {skills[1]} for years. Likes small "
            "groups, plain words and a date by which something is done – and would rather lend a "
            "hand twice than sit through one more meeting. Knows half the neighbourhood by name, "
            "keeps a list of who has a van, a ladder or a spare room, and answers in the evening, "
            "seldom before eight."
        ),
        "history": [{"since": year, "what": deed} for year, deed in zip(since, deeds, strict=True)],
    }


_PROFILES = tuple(map(_profile, range(_COUNT)))
