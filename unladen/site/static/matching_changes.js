/* The changes of a commit that are what a filter asks for, from the file of its chunk. */
"use strict";

const MatchingChanges = (() => {
  const { chunk } = Unladen.data("site");

  /** Changes that are alike, of one cell each.
      @typedef {{isMinor: boolean, changes: Change[]}} Item */

  /** The items of a commit of which something is asked for, with those changes alone.
      @param {Item[]} items @param {WantedChanges} wanted */
  function among(items, wanted) {
    const called = ChangeFilter.seriesCalled(wanted.series);
    const test = ChangeFilter.test(wanted);
    return items
      .map(({ isMinor, changes }) => ({
        isMinor,
        changes: changes.filter(
          (change) =>
            (!called || called.has(change.series.number)) &&
            test(ChangeFilter.seen(change, isMinor)),
        ),
      }))
      .filter(({ changes }) => changes.length);
  }

  /** The changes of a commit.
      @param {Commit} commit @param {ChangesData} data @returns {Item[]} */
  const itemsOf = (commit, data) =>
    (data.commits[commit.number] || []).map(({ minor, changes }) => ({
      isMinor: Boolean(minor),
      changes: changes.map((row) => Changes.fromRow(row, data.reasons)),
    }));

  /** Promises the changes of a commit, and the rest of what is kept of it.
      @param {Commit} commit */
  async function load(commit) {
    const data = await Unladen.load(`changes-${Math.floor(commit.number / chunk)}`);
    return { items: itemsOf(commit, data), explained: data.explained?.[commit.number] };
  }

  return { among, load };
})();
