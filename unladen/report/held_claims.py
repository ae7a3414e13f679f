"""What others say of a target, held against what was measured at a commit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from unladen.report.cited import Cited, cited
from unladen.report.commit_results import CommitResults
from unladen.results.claims import Bearing, CitedFigure, Claim, Claims, Part
from unladen.text.names import shown_name

ANSWERED, UNMEASURED = "answered", "not measured"

_WORDS = {
    "claim": ("holds", "does not hold", "holds in part"),
    "target": ("met", "not met", "met in part"),
    "question": ("yes", "no", "in part"),
}


@dataclass(frozen=True)
class HeldFigure:
    """A figure that a claim cites. ``cited``: it, or why there is none; ``bearing``: None then,
    but for what a load lacks because it broke off."""

    wanted: CitedFigure
    cited: Cited
    bearing: Bearing | None

    @property
    def by(self) -> str:
        """The series or the load that it is of."""
        one = self.wanted
        return f"load {one.load}" if one.load else shown_name(one.series)


@dataclass(frozen=True)
class HeldClaim:
    """A claim and its figures."""

    claim: Claim
    figures: Sequence[HeldFigure]

    @property
    def bearings(self) -> set[Bearing]:
        """How its figures bear on it, each once."""
        return {one.bearing for one in self.figures if one.bearing is not None}

    @property
    def is_partly_so(self) -> bool:
        """Whether one figure agrees with it and another does not."""
        return {Bearing.AGREES, Bearing.DISAGREES} <= self.bearings

    @property
    def verdict(self) -> str:
        """Whether it is so, in the words of its kind."""
        good, bad, partly = _WORDS[self.claim.kind]
        found = self.bearings
        if not found:
            return UNMEASURED
        if self.is_partly_so:
            return partly
        if Bearing.DISAGREES in found:
            return bad
        return good if Bearing.AGREES in found else ANSWERED


@dataclass(frozen=True)
class ClaimCounts:
    """How many claims there are of each verdict."""

    claims: int
    agree: int
    disagree: int
    partly: int
    answered: int
    unmeasured: int


@dataclass(frozen=True)
class HeldClaims:
    """All of a target, part by part."""

    claims: Claims
    parts: Sequence[tuple[Part, Sequence[HeldClaim]]]

    def every(self) -> Iterator[HeldClaim]:
        """Each claim, in the order of the file."""
        for _, held in self.parts:
            yield from held

    @property
    def counts(self) -> ClaimCounts:
        """How many there are, and how many agree with what is measured."""
        every = list(self.every())
        partly = sum(one.is_partly_so for one in every)
        return ClaimCounts(
            claims=len(every),
            agree=sum(Bearing.AGREES in one.bearings for one in every) - partly,
            disagree=sum(Bearing.DISAGREES in one.bearings for one in every) - partly,
            partly=partly,
            answered=sum(one.verdict == ANSWERED for one in every),
            unmeasured=sum(one.verdict == UNMEASURED for one in every),
        )


def held_claims(results: CommitResults) -> HeldClaims | None:
    """The claims about the target; None where nobody has said anything."""
    claims = results.claims
    if claims is None:
        return None
    return HeldClaims(
        claims, [(part, [_held(results, one) for one in part.claim]) for part in claims.part]
    )


def _held(results: CommitResults, claim: Claim) -> HeldClaim:
    return HeldClaim(claim, [_figure(results, one) for one in claim.measured])


def _figure(results: CommitResults, one: CitedFigure) -> HeldFigure:
    found = cited(results, one)
    if found.figure is not None:
        return HeldFigure(one, found, found.bearing(one))
    bearing = Bearing.DISAGREES if found.has_broken_off and one.is_judged else None
    return HeldFigure(one, found, bearing)
