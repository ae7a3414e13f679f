/* The filters of the list of commits: which commits are like what is asked for. */
"use strict";

const CommitFilters = (() => {
  /** What is asked for: `series` is part of a name, `text` of subject, author or hash.
      @typedef {{changed: boolean, kind: string, series: string, text: string}} Wanted */

  /** @typedef {ReturnType<typeof Commits.changed>[number]} Changed */
  /** @typedef {(commit: Commit) => boolean} Test */

  /** @param {Changed} change */
  const isRegression = (change) => change.counts && change.verdict === "regression";

  /** @param {Changed} change */
  const isChange = (change) => !Changes.isDismissed(change);

  /** What a change is that a filter asks for; one change has to be all of it.
      @type {Map<string, (change: Changed) => boolean>} */
  const KINDS = new Map([
    ["regression", isRegression],
    ["standing", (change) => isRegression(change) && change.isThere],
    ["improvement", (change) => change.counts && change.verdict === "improvement"],
    ["broke", (change) => change.counts && ["broke", "goes wrong"].includes(change.kind)],
    ["works", (change) => change.counts && ["works again", "right again"].includes(change.kind)],
    ["new", (change) => ["appears", "disappears"].includes(change.kind)],
    ["suspected", (change) => change.state === "suspected" && !change.isMinor],
  ]);

  /** Tests of a commit: whether it has a change of a series that is wanted, and of that kind.
      @param {Wanted} wanted @returns {Test[]} */
  function changeTests({ changed, kind, series }) {
    const called = new Set(
      AllSeries.all.filter((one) => AllSeries.isCalled(one, series)).map((one) => one.number),
    );
    /** @param {number} number */
    const isWanted = (number) => !series || called.has(number);
    /** @param {(change: Changed) => boolean} test @returns {Test} */
    const has = (test) => (commit) =>
      Commits.changed(commit).some((change) => test(change) && change.series.some(isWanted));
    if (kind === "unmeasured") {
      /** @type {Test} */
      const lacks = (commit) => !commit.isMeasured || commit.gaps.some(isWanted);
      return changed ? [lacks, has(isChange)] : [lacks];
    }
    const isOfKind = KINDS.get(kind);
    if (isOfKind) return [has(isOfKind)];
    return changed || series ? [has(changed ? isChange : () => true)] : [];
  }

  /** The commits that are like that, newest first.
      @param {Wanted} wanted */
  function matching(wanted) {
    const text = wanted.text.toLowerCase();
    const tests = changeTests(wanted);
    tests.push(
      ({ subject, author, hash }) =>
        subject.toLowerCase().includes(text) ||
        author.toLowerCase().includes(text) ||
        hash.startsWith(text),
    );
    return Commits.all.filter((commit) => tests.every((test) => test(commit))).reverse();
  }

  return { matching };
})();
