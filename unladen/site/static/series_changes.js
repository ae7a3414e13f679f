/* The table of a series' changes: those of a commit that say the same of several cells in a row. */
"use strict";

const SeriesChanges = (() => {
  const { el, $ } = Elements;
  const ROWS = 40;
  const NAMED = 3;

  /** Changes of one commit that say the same of several cells, the biggest first.
      @param {Change[]} changes */
  function grouped(changes) {
    /** @type {Map<string, Change[]>} */
    const groups = new Map();
    for (const change of changes) {
      const { commit, kind, verdict, state, series, before, after } = change;
      const codes = Format.isCoded(series) ? [before, after] : [];
      const key = [commit.number, kind, verdict, state, ...codes].join();
      const group = groups.get(key) || [];
      groups.set(key, [...group, change]);
    }
    return [...groups.values()].map((group) => group.sort((a, b) => size(b) - size(a)));
  }

  /** @param {Change} change */
  const size = ({ before, after }) =>
    Math.abs(Math.log(Readings.ratio(before, after) || Number.POSITIVE_INFINITY));

  /** Shows the changes of some cells, the newest first.
      @param {Change[]} changes oldest first @param {number[]} cells */
  function show(changes, cells) {
    const shown = new Set(cells);
    const those = changes.filter((change) => shown.has(change.cell)).reverse();
    const groups = grouped(those);
    if (!groups.length) {
      Elements.fill($("changes"), el("p", {}, "None in what is shown."));
      return;
    }
    const heads = ["Commit", "Parameters", "What", "Before → after", "#Size", "Notes"];
    const body = el("tbody", {}, groups.slice(0, ROWS).map(row));
    Elements.fill($("changes"), Tables.stacked(heads, body));
    const left = groups.slice(ROWS);
    if (!left.length) return;
    const button = Tables.more(`${left.length} more`, () => {
      body.append(...left.map(row));
      button.remove();
    });
    $("changes").append(button);
  }

  /** A row with the values of the biggest change, and the names of all cells concerned.
      @param {Change[]} group */
  function row(group) {
    const [change] = group;
    const { commit, series } = change;
    const texts = group.slice(0, NAMED).map((one) => AllSeries.cellLabel(series, one.cell));
    const others = group.length > NAMED ? ` +${group.length - NAMED}` : "";
    const subject = el("bdi", {}, commit.subject);
    return el(
      "tr",
      {},
      el(
        "th",
        { scope: "row" },
        Marks.commitLink(commit),
        " ",
        el("span", { class: "small" }, `${Format.day(commit.date)} `, subject),
      ),
      el(
        "td",
        { "data-label": "Parameters" },
        texts.join(texts[0].includes(",") ? "; " : ", ") + others,
      ),
      el("td", {}, Marks.ofChange(change)),
      el(
        "td",
        { "data-label": "Values" },
        el("span", { class: "values" }, Marks.valuesText(change)),
      ),
      el(
        "td",
        { "data-label": "Size", class: "number" },
        Readings.sizeText(change.before, change.after, series),
      ),
      el("td", { class: "small" }, Notes.of(change, group)),
    );
  }

  return { show };
})();
