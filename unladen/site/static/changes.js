/* Changes and drifts, as objects. */
"use strict";

const Changes = (() => {
  const site = Unladen.data("site");
  const { drifts } = Unladen.data("commits");
  const settled = new Set(site.settled);
  const dismissed = new Set(site.dismissed);

  /** Whether a change is a fact.
      @param {Pick<Change, "state">} change */
  const isSettled = ({ state }) => settled.has(state);

  /** Whether it is none: the host's, the driver's, a drift, cleared, or noise.
      @param {Pick<Change, "state">} change */
  const isDismissed = ({ state }) => dismissed.has(state);

  /** @param {number | null} number */
  const commit = (number) => (number === null ? null : Commits.all[number]);

  /** A change, from what stands for it in the data.
      @param {ChangeRow} row @param {string[]} reasons @returns {Change} */
  function fromRow(row, reasons) {
    const [series, cell, at, kind, verdict, state, before, after, first, undone, drift, ...rest] =
      row;
    const [valueBeforeFailure, last, evidence, said, isAccepted] = rest;
    return {
      series: AllSeries.all[series],
      cell,
      commit: Commits.all[at],
      kind: site.kinds[kind],
      verdict: site.verdicts[verdict],
      state: site.states[state],
      before,
      after,
      reason: Readings.reasonOf(after, reasons),
      firstSuspect: Commits.all[first],
      lastSuspect: commit(last) || Commits.all[at],
      undoneBy: commit(undone),
      drift: drift === null ? null : driftOf(drifts[drift]),
      valueBeforeFailure,
      evidence: evidence && evidenceOf(evidence),
      said,
      isAccepted: Boolean(isAccepted),
    };
  }

  /** @param {EvidenceRow} row @returns {Evidence} */
  const evidenceOf = ([spread, before, after, follows]) => ({ spread, before, after, follows });

  /** @param {DriftRow} row @returns {Drift} */
  const driftOf = ([series, cell, commits, verdict, before, after, undone]) => ({
    series: AllSeries.all[series],
    cell,
    commits: commits.map((number) => Commits.all[number]),
    verdict: site.verdicts[verdict],
    before,
    after,
    undoneBy: commit(undone),
  });

  /** All drifts. */
  const allDrifts = () => drifts.map(driftOf);

  return { fromRow, isSettled, isDismissed, allDrifts };
})();
