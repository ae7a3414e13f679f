/* What a commit's differences are made of, as far as that is kept, and the command that says it. */
"use strict";

const CommitExplained = (() => {
  const { el } = Elements;
  const HEADS = ["Cause", "#Change", "#Share", "What happens there"];

  /** Whether a change is one that can be explained.
      @param {Change} change */
  const isExplainable = ({ series, state, before, after }) =>
    series.isExact &&
    Changes.isSettled({ state }) &&
    Readings.figureOf(before) !== null &&
    Readings.figureOf(after) !== null;

  /** The first functions of each figure; null if none is kept.
      @param {Commit} commit @param {ExplainedRow[] | undefined} rows */
  function kept(commit, rows) {
    if (!rows) return null;
    return el(
      "section",
      { id: "explained" },
      el("h2", {}, "What it is made of"),
      el(
        "p",
        { class: "soft" },
        "Of each figure the functions that the commit changed and that contribute most.",
      ),
      rows.map(figure),
      el("p", { class: "small soft" }, "All of it, measured again"),
      Command.shown(Reproduce.explain(commit), "explain this commit"),
    );
  }

  /** The command that explains a commit; null if nothing of it can be.
      @param {Commit} commit @param {Change[]} changes */
  function asked(commit, changes) {
    if (!changes.some(isExplainable)) return null;
    return el(
      "section",
      { id: "explained" },
      el("h2", {}, "What it is made of"),
      el(
        "p",
        { class: "small soft" },
        "Which functions and lines did it; with --store, this page shows it once it is published again",
      ),
      Command.shown(Reproduce.explain(commit), "explain this commit"),
    );
  }

  /** @param {ExplainedRow} row */
  function figure([number, cell, values, isOfBenchmark, parts]) {
    const series = AllSeries.all[number];
    const head = el(
      "h3",
      {},
      el("a", { href: AllSeries.address(series, cell) }, series.shown),
      " ",
      el("span", { class: "soft" }, AllSeries.cellLabel(series, cell)),
      ` ${values}`,
    );
    const of = isOfBenchmark
      ? el("p", { class: "small soft" }, "By the work of its whole benchmark.")
      : null;
    const rows = el("tbody", {}, parts.map(part));
    return [head, of, Tables.stacked(HEADS, rows, { style: "causes" })];
  }

  /** @param {ExplainedPart} part */
  function part([name, place, change, share, said, address]) {
    const where = address ? el("a", { href: address, rel: "noreferrer" }, place) : place;
    return el(
      "tr",
      {},
      el("th", { scope: "row" }, el("code", {}, name), " ", where),
      el("td", { "data-label": "Change", class: "number" }, change),
      el("td", { "data-label": "Share", class: "number" }, share),
      el("td", {}, el("code", {}, said)),
    );
  }

  return { kept, asked };
})();
