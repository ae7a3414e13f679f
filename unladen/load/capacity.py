"""How many users fit below a provider's limit: a formula, beside what happened.

    calls a request  c = sum over kinds of (share x calls)
    seconds          d = sum over kinds of (share x mean latency)
    requests a user  r = 60 / (d + mean think time), a minute
    most users         = limit / (r x c)
    recommended        = most / 3 x 0.8 (careful), most / 2 x 0.8 (usual)

It is Little's law for a closed loop, and as published (Insight's test plan, section 2.3) it is fed
with guesses. Here each input is what the load measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from unladen.load.report import LoadReport, MeasuredCapacity

PEAKS = (3.0, 2.0)
"""Peak over mean, of the careful and the usual recommendation."""

MARGIN = 0.8


@dataclass(frozen=True)
class KindOfRequest:
    """``share`` of all requests; ``calls`` of the model each, None if that is known of all
    together only; ``seconds`` of its mean latency."""

    share: float
    calls: float | None
    seconds: float


@dataclass(frozen=True)
class CapacityFormula:
    """The formula with its inputs. ``limit_per_minute``: calls of the model; ``think_s``: mean;
    ``calls_per_request``: on average."""

    limit_per_minute: float
    think_s: float
    calls_per_request: float
    kinds: Mapping[str, KindOfRequest]

    @property
    def seconds_per_request(self) -> float:
        """On average."""
        return sum(one.share * one.seconds for one in self.kinds.values())

    @property
    def requests_per_user(self) -> float:
        """A minute."""
        return 60 / (self.seconds_per_request + self.think_s)

    @property
    def most_users(self) -> float:
        """By the formula."""
        return self.limit_per_minute / (self.requests_per_user * self.calls_per_request)

    @property
    def recommended(self) -> tuple[float, float]:
        """Careful, and usual."""
        careful, usual = (self.most_users / peak * MARGIN for peak in PEAKS)
        return careful, usual


def capacity_formula(report: LoadReport) -> CapacityFormula | None:
    """The formula for a load; None where an input was not measured: no limit, no call that is
    known, an open loop, in which no user thinks."""
    limit = report.plan.limit_per_minute
    if limit is None or report.plan.arrivals != "closed":
        return None
    counted = {kind: tally for kind, tally in report.kinds.items() if kind != _HEALTH}
    requests = sum(tally.requests for tally in counted.values())
    kinds = {
        kind: KindOfRequest(tally.requests / requests, tally.calls_per_request, seconds)
        for kind, tally in counted.items()
        if (seconds := tally.latency.mean) is not None
    }
    calls = _calls(kinds, report.facts.get(_CALLS), requests)
    if not calls or len(kinds) < len(counted):
        return None
    formula = CapacityFormula(limit, sum(report.plan.think_s) / 2, calls, kinds)
    return formula if formula.seconds_per_request + formula.think_s > 0 else None


_CALLS = "model_calls"
"""The fact: how often the model was called in the whole load."""

_REFUSED = "model_refused"
"""The fact: how many of these calls were above the provider's limit."""

_HEALTH = "health"
"""The kind that asks no model, and that no user waits for."""


def _calls(
    kinds: Mapping[str, KindOfRequest], model_calls: float | None, requests: int
) -> float | None:
    """Calls of the model for a request, on average; None if that is not known."""
    known = [one.share * one.calls for one in kinds.values() if one.calls is not None]
    if known and len(known) == len(kinds):
        return sum(known)
    return model_calls / requests if model_calls is not None and requests else None


def measured_capacity(report: LoadReport) -> MeasuredCapacity | None:
    """What was searched for, or what this load shows: the most users of a period up to which every
    request was answered rightly, and the fewest of one in which some was not. None of nothing."""
    if report.searched is not None:
        return report.searched
    asked = [one for one in report.periods if one.tally.requests and one.users]
    if not asked:
        return None
    failing = min((one.users for one in asked if one.tally.failed), default=None)
    passed = [one.users for one in asked if failing is None or one.users < failing]
    return MeasuredCapacity(max(passed, default=0), failing)


def formula_errors(formula: CapacityFormula, report: LoadReport) -> list[str]:
    """What the formula gets wrong, one sentence each: first what this load shows."""
    found = []
    shown = measured_capacity(report)
    if shown is not None and shown.failing is not None and shown.failing <= formula.most_users:
        found.append(
            f"It allows {formula.most_users:.1f} users; with {shown.failing} it was too many."
        )
    if shown is not None and shown.failing is None and shown.users > formula.most_users:
        found.append(
            f"It allows {formula.most_users:.1f} users; with {shown.users} all was well: a "
            "provider that counts by the minute lets a shorter excess pass."
        )
    careful, usual = formula.recommended
    if report.searched is not None and report.searched.users > usual:
        found.append(
            f"It recommends {careful:.1f} to {usual:.1f} users; {report.searched.users} are served."
        )
    if refused := report.facts.get(_REFUSED) or report.total.refused:
        found.append(
            f"It reckons with calls that succeed. {refused:,.0f} were refused here; each that is "
            "made again counts again."
        )
    used, late = report.total.latency.mean, report.total.latency.quantile(0.99)
    if used and late and late > 2 * used:
        found.append(
            f"It reckons with the mean of {used:.3g} s; one request in a hundred takes "
            f"{late:.3g} s or more. Users who wait longer ask less: the load bends to the latency "
            "that it causes, which a fixed latency cannot show."
        )
    found += [
        "It takes users to ask evenly. Calls come in bursts, so a limit is met before the mean "
        "reaches it; the divisors 3 and 2 and the margin of 20 % stand in for that and follow from "
        "nothing.",
        "It knows one limit, the provider's calls a minute. Pools, locks, the database and the CPU "
        "may end it earlier; how many run at once is the limit times how long a call takes.",
    ]
    return found
