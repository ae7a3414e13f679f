/* The table of a commit's changes, each with a small plot around the commit. */
"use strict";

const CommitChanges = (() => {
  const { el } = Elements;
  const AROUND = 15;
  const CELLS = 2;
  const HEADS = ["Series", "What", "Before → after", "#Size", "Around this commit", "Notes"];

  /** `groups`: changes of several cells that are alike.
      @param {Change[][]} groups */
  const table = (groups) => Tables.stacked(HEADS, groups.map(rows), { style: "changes" });

  /** The first changes of a group, and a button for the others.
      @param {Change[]} changes */
  function rows(changes) {
    const body = el("tbody", {}, changes.slice(0, CELLS).map(row));
    const others = changes.slice(CELLS);
    if (others.length) {
      const text = `${Format.plural(others.length, "more parameter combination")} of the same kind`;
      const button = Tables.more(text, () => last.replaceWith(...others.map(row)), "plain");
      const last = el("tr", {}, el("td", { colspan: HEADS.length }, button));
      body.append(last);
    }
    return body;
  }

  /** @param {Change} change */
  function row(change) {
    const { series, cell } = change;
    const cellText = AllSeries.cellLabel(series, cell);
    const around = el("td", { "data-label": "Around", class: "around" });
    const text = [series.shown, cellText].filter(Boolean).join(" ");
    Elements.whenNear(around, async () => {
      try {
        const values = await Values.of(series);
        const spark = Spark.around(values.cells[cell], change.commit, AROUND, series, text);
        Elements.fill(around, spark);
      } catch (error) {
        Elements.complain(around, error);
      }
    });
    const hasUnit = Format.hasOwnUnit(series) || Readings.figureOf(change.after) === null;
    return el(
      "tr",
      {},
      Marks.seriesHead(series, cell, cellText),
      el("td", {}, Marks.ofChange(change)),
      el(
        "td",
        { "data-label": "Values" },
        el("span", { class: "values" }, Marks.valuesText(change)),
        " ",
        !hasUnit && el("span", { class: "soft small" }, series.unit),
      ),
      el(
        "td",
        { "data-label": "Size", class: "number" },
        Readings.sizeText(change.before, change.after, series),
      ),
      around,
      el("td", { class: "small" }, Notes.of(change)),
    );
  }

  return { table };
})();
