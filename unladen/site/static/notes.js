/* What else is to be said of a change: what became of it, which commit it may be, what it was. */
"use strict";

const Notes = (() => {
  const { el, joined } = Elements;
  const { commitLink } = Marks;

  /** "now hangs when 'offer: hangs'" of a change from outcome to outcome; "" of others.
      @param {Change} change */
  function outcomeText({ series, cell, before, after }) {
    if (!Readings.isNumber(before) || !Readings.isNumber(after)) return "";
    const verb = series.verbs[after];
    if (verb === undefined || series.verbs[before] === undefined) return "";
    return `now ${verb} '${AllSeries.cellText(series, cell)}'`;
  }

  /** @type {Record<Verdict, string>} */
  const UNDONE_BY = { regression: "fixed by ", improvement: "lost by ", neither: "until " };

  /** What has become of some changes alike: the commit that undid all, or how many stand; null if
      all do.
      @param {Change[]} changes @returns {Child[] | null} */
  function fate(changes) {
    const standing = changes.filter((change) => change.undoneBy === null);
    const there = standing.filter((change) => !change.isAccepted).length;
    if (there === changes.length) return null;
    if (there) return [Marks.remains(there, changes.length)];
    if (standing.length) return null; // what was said of it is told
    const by = new Set(changes.map((change) => change.undoneBy));
    const [first] = by;
    const commit = first && by.size === 1 ? commitLink(first) : "several commits";
    return [UNDONE_BY[changes[0].verdict], commit];
  }

  /** Which commits it may be, if not only its own; null if it is.
      @param {Change} change @returns {Child[] | null} */
  function suspects({ commit, firstSuspect, lastSuspect }) {
    if (firstSuspect === commit && lastSuspect === commit) return null;
    if (lastSuspect === commit) return ["or by one since ", commitLink(firstSuspect)];
    return ["likeliest of ", commitLink(firstSuspect), " to ", commitLink(lastSuspect)];
  }

  /** @param {Evidence} evidence @returns {Child[][]} */
  function evidenceNotes({ follows, spread }) {
    /** @type {Child[][]} */
    const notes = [];
    if (follows) notes.push([`explained by ${AllSeries.find(follows)?.shown ?? follows}`]);
    if (spread !== null) notes.push([`readings ±${Format.significant(spread * 100, 2)} %`]);
    return notes;
  }

  /** @param {Drift} drift @returns {Child[]} */
  function driftNote({ commits, before, after, series }) {
    const total = Readings.sizeText(before, after, series);
    return [
      `a step of a drift (${total} in ${commits.length} steps, `,
      commitLink(commits[0]),
      " to ",
      commitLink(commits[commits.length - 1]),
      ")",
    ];
  }

  /** What somebody said of a change; the number of an issue leads to it.
      @param {string} text @returns {Child[]} */
  function said(text) {
    const [, before, number, after] = /^(reported )#(\d+)\b(.*)$/.exec(text) || [];
    const link = Unladen.data("site").links.issue;
    if (!link || !number) return [text];
    return [before, el("a", { href: link + number, rel: "noreferrer" }, `#${number}`), after];
  }

  /** All notes on a change, which stands for some that are alike, one a line.
      @param {Change} change @param {Change[]} [alike] @returns {Child[]} */
  function of(change, alike = [change]) {
    const outcome = outcomeText(change);
    const last = change.valueBeforeFailure;
    const since = change.kind === "right again" ? "before it went wrong" : "before it failed";
    const notes = [
      change.reason ? [el("code", {}, change.reason)] : null,
      outcome ? [outcome] : null,
      change.said ? said(change.said) : null,
      fate(alike),
      suspects(change),
      ...(change.evidence ? evidenceNotes(change.evidence) : []),
      change.drift && driftNote(change.drift),
      last !== null && last !== change.after
        ? [`was ${Readings.text(last, change.series)} ${since}`]
        : null,
    ];
    const lines = notes.filter((note) => note !== null).map((note) => el("span", {}, note));
    return joined(lines, () => el("br"));
  }

  return { of };
})();
