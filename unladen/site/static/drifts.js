/* The table of slow drifts. */
"use strict";

const Drifts = (() => {
  const { el, $ } = Elements;
  const MOST = 12;

  /** The drifts, those of one series that took the same steps as one; biggest first. */
  function grouped() {
    /** @type {Map<string, {drift: Drift, others: number}>} */
    const groups = new Map();
    for (const drift of Changes.allDrifts()) {
      const steps = drift.commits.map(({ number }) => number);
      const key = [drift.series.number, drift.verdict, ...steps].join();
      const known = groups.get(key);
      if (known) known.others++;
      else groups.set(key, { drift, others: 0 });
    }
    return [...groups.values()];
  }

  /** Shows them, if there are any. */
  function show() {
    const all = grouped();
    $("drifts").hidden = all.length === 0;
    Elements.fill($("drift-rows"), all.slice(0, MOST).map(row));
    if (all.length > MOST) {
      $("drifts").append(el("p", { class: "soft" }, `and ${all.length - MOST} more`));
    }
  }

  /** @param {{drift: Drift, others: number}} group */
  function row({ drift, others }) {
    const { series, cell, commits, before, after } = drift;
    const word = drift.verdict === "regression" ? "worse" : "better";
    const size = Readings.sizeText(before, after, series);
    const where = AllSeries.cellLabel(series, cell) + (others ? ` +${others}` : "");
    return el(
      "tr",
      {},
      Marks.seriesHead(series, cell, where),
      el(
        "td",
        { "data-label": "From, to" },
        Marks.commitLink(commits[0]),
        " to ",
        Marks.commitLink(commits[commits.length - 1]),
      ),
      el("td", { "data-label": "Steps" }, commits.length),
      el("td", { "data-label": "Values" }, Readings.pairText(before, after, series)),
      el("td", { "data-label": "Size", class: "number" }, Marks.mark(`${word} ${size}`, word)),
    );
  }

  return { show };
})();
