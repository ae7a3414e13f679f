/* Marks and chips: what happened at a commit, in a word or two. */
"use strict";

const Marks = (() => {
  const { el } = Elements;
  const site = Unladen.data("site");

  /** @type {Partial<Record<ChangeKind, [word: string, style: string]>>} */
  const WORDS = {
    broke: ["broke", "broken"],
    "goes wrong": ["goes wrong", "broken"],
    "works again": ["works again", "better"],
    "right again": ["right again", "better"],
    appears: ["new", ""],
    disappears: ["gone", ""],
  };

  /** The word and class of a change: what happened, for better or worse.
      @param {Pick<Change, "kind" | "verdict">} change @returns {[word: string, style: string]} */
  function wordOf({ kind, verdict }) {
    return WORDS[kind] || (verdict === "regression" ? ["worse", "worse"] : ["better", "better"]);
  }

  /** @param {string} word @param {string} style */
  const mark = (word, style) => el("span", { class: `mark ${style}` }, word);

  /** The marks of a change: what happened; and its state, if it is no fact.
      @param {Change} change */
  function ofChange(change) {
    const state =
      change.state !== "certain" && mark(change.state, Changes.isSettled(change) ? "" : "doubt");
    return el("span", { class: "chips" }, mark(...wordOf(change)), state);
  }

  /** A link to a commit's page.
      @param {Commit} commit */
  const commitLink = (commit) =>
    el("a", { class: "hash", href: Commits.address(commit), title: commit.subject }, commit.short);

  /** The head of a row about a cell of a series. `where`: the cell in words.
      @param {Series} series @param {number} cell @param {string} where */
  const seriesHead = (series, cell, where) =>
    el(
      "th",
      { scope: "row" },
      el("a", { href: AllSeries.address(series, cell) }, Elements.breakable(series.shown)),
      " ",
      el("span", { class: "soft" }, where),
    );

  /** "before → after" of a change.
      @param {Pick<Change, "before" | "after" | "series">} change */
  const valuesText = (change) => Readings.pairText(change.before, change.after, change.series);

  /** How many of some changes stand: "12 of 57 still there".
      @param {number} there @param {number} of */
  const remains = (there, of) => `${there} of ${of} still there`;

  /** Marks with the numbers of series that a commit changed.
      @param {Commit} commit */
  function counts(commit) {
    /** @type {HTMLElement[]} */
    const marks = [];
    const counted = commit.summary ? commit.summary.counts : {};
    /** @param {number | undefined} number @param {string} one @param {string} many
        @param {string} style */
    const add = (number, one, many, style) => {
      if (number) marks.push(mark(Format.plural(number, one, many), style));
    };
    add(counted.broken, "broken", "broken", "broken");
    add(counted.regressions, "regression", "regressions", "worse");
    const [there, of, accepted] = commit.summary ? commit.summary.standing : [0, 0, 0];
    const left = accepted ? "accepted" : "fixed since";
    if (there < of) marks.push(mark(there ? remains(there, of) : left, ""));
    add(counted.improvements, "improvement", "improvements", "better");
    add(counted.suspected, "suspected", "suspected", "doubt");
    add(counted.minor, "minor", "minor", "");
    if (!commit.isMeasured) marks.push(mark("not measured", ""));
    else add(commit.missing, "value not measured", "values not measured", "");
    return marks;
  }

  /** The biggest changes of a commit as chips; each leads to its series.
      @param {Commit} commit */
  function chips(commit) {
    const { summary } = commit;
    if (!summary?.chips.length) return null;
    const list = summary.chips.map((row) => el("li", {}, chip(row)));
    if (summary.more) list.push(moreChip(commit, summary.more));
    return el("ul", { class: "chips", "aria-label": "Biggest changes" }, list);
  }

  const CHIPS = 3;

  /** The changes of some items as chips, the first of each; the rest is on the page of the commit.
      @param {Commit} commit @param {{changes: Change[]}[]} items */
  function chipsOf(commit, items) {
    const list = items.slice(0, CHIPS).map(({ changes }) => {
      const [{ series, cell, kind, verdict, state, before, after, said }] = changes;
      const there = changes.filter((change) => change.undoneBy === null).length;
      const told = { series, cell, kind, verdict, state, before, after, said };
      return el("li", {}, chipOf(told, changes.length, there));
    });
    const more = items.length - CHIPS;
    if (more > 0) list.push(moreChip(commit, more));
    return el("ul", { class: "chips", "aria-label": "Changes that are asked for" }, list);
  }

  /** @param {Commit} commit @param {number} more */
  const moreChip = (commit, more) =>
    el("li", {}, el("a", { class: "chip", href: Commits.address(commit) }, `and ${more} more`));

  /** @type {Record<Verdict, string>} */
  const UNDONE = { regression: "fixed since", improvement: "lost since", neither: "undone since" };

  /** @param {ChipRow} row */
  function chip([number, cell, kind, verdict, state, before, after, cells, there, said]) {
    const change = {
      series: AllSeries.all[number],
      cell,
      kind: site.kinds[kind],
      verdict: site.verdicts[verdict],
      state: site.states[state],
      before,
      after,
      said,
    };
    return chipOf(change, cells, there);
  }

  /** `cells`: how many changed alike, of which `there` still stand.
      @param {Pick<Change,
        "series" | "cell" | "kind" | "verdict" | "state" | "before" | "after" | "said">} change
      @param {number} cells @param {number} there */
  function chipOf(change, cells, there) {
    const { series, cell, before, after } = change;
    const [word, style] = wordOf(change);
    const isDoubt = !Changes.isSettled(change);
    const hasBoth = Readings.figureOf(before) !== null && Readings.figureOf(after) !== null;
    const size = hasBoth ? Readings.sizeText(before, after, series) : "";
    const much = size || (hasBoth ? Readings.pairText(before, after, series) : "");
    const cellText = AllSeries.cellLabel(series, cell);
    const undone = there ? remains(there, cells) : UNDONE[change.verdict];
    return el(
      "a",
      { class: `chip ${style} ${isDoubt ? "doubt" : ""}`, href: AllSeries.address(series, cell) },
      el("span", { class: "much" }, [word, much].filter(Boolean).join(" ")),
      el("span", {}, series.shown),
      (cellText || cells > 1) &&
        el("span", { class: "soft" }, cellText + (cells > 1 ? ` +${cells - 1}` : "")),
      (isDoubt || there < cells || change.said) &&
        el("span", { class: "soft" }, change.said || (isDoubt ? change.state : undone)),
    );
  }

  return {
    wordOf,
    mark,
    ofChange,
    commitLink,
    seriesHead,
    valuesText,
    remains,
    counts,
    chips,
    chipsOf,
  };
})();
