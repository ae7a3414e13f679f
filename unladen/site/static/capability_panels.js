/* What the pages of capabilities consist of: plots over commits and over numbers, tables and
   outcomes at a commit beside another one. */
"use strict";

const Panels = (() => {
  const { el } = Elements;

  /** Draws a panel into an element that is empty.
      @param {HTMLElement} place @param {Panel} panel @param {ChosenCommits} chosen */
  function draw(place, panel, chosen) {
    switch (panel.kind) {
      case "commits":
        return overCommits(place, panel);
      case "numbers":
        return overNumbers(place, panel, chosen);
      case "table":
        return table(place, panel, chosen);
      default:
        return outcomes(place, panel, chosen);
    }
  }

  /** The element of a class in a place, made if it is not there.
      @param {HTMLElement} place @param {string} style */
  function part(place, style) {
    const found = place.querySelector(`.${style.split(" ").join(".")}`);
    if (found instanceof HTMLElement) return found;
    const made = el("div", { class: style });
    place.append(made);
    return made;
  }

  /** @param {HTMLElement} place @param {PanelOf<"commits">} panel */
  async function overCommits(place, { series: number, cells }) {
    const series = AllSeries.all[number];
    const values = await Values.of(series);
    const plot = part(place, "plot low");
    const label = `${series.shown} over ${Format.plural(Commits.measured.length, "commit")}`;
    const shown = SeriesPlot.cellsOf(series, values, cells);
    const notes = SeriesPlot.draw(plot, label, shown, { first: firstKnown(values, cells) });
    if (notes.length) part(place, "soft small note").textContent = notes.join(" ");
  }

  /** The position before the first one at which one of some cells was measured, or failed.
      @param {SeriesValues} values @param {number[]} cells */
  function firstKnown(values, cells) {
    /** @param {Encoded} value */
    const isKnown = (value) => value !== null && value !== "n";
    const firsts = cells.map((cell) => values.cells[cell].values.findIndex(isKnown));
    return Math.max(Math.min(...firsts.filter((at) => at >= 0)) - 1, 0);
  }

  /** @param {HTMLElement} place @param {PanelOf<"numbers">} panel @param {ChosenCommits} chosen */
  async function overNumbers(place, { title, series: number, what, points, cells }, chosen) {
    const series = AllSeries.all[number];
    const values = await Values.of(series);
    /** @param {Commit | null} commit */
    const at = (commit) =>
      cells.map((cell) =>
        commit ? Values.numberAt(values.cells[cell], Commits.position(commit)) : null,
      );
    const [now, old] = [at(chosen.commit), at(chosen.before)];
    const plot = part(place, "plot low");
    plot.hidden = [...now, ...old].every((figure) => figure === null);
    const gaps = points.filter((_, n) => isBad(valueAt(values, cells[n], chosen.commit)));
    part(place, "soft small note").textContent = gaps.length
      ? `Failed, or of a wrong outcome, at ${chosen.commit.short}: ${gaps.join(", ")} ${what}.`
      : "";
    if (plot.hidden) return;
    SizePlot.draw(plot, title, chosen, {
      sizes: points,
      what,
      now,
      old,
      text: (value) => Format.quantity(value, series),
      y: Axes.values(series, { fromZero: true }),
    });
  }

  /** What a cell read at a commit, null if there is none.
      @param {SeriesValues} values @param {number} cell @param {Commit | null} commit */
  const valueAt = (values, cell, commit) =>
    commit ? (values.cells[cell].values[Commits.position(commit)] ?? null) : null;

  /** A value, and what it was at the other commit if that is another one.
      @param {Series} series @param {SeriesValues} values @param {number | null} cell
      @param {ChosenCommits} chosen @param {string} label */
  function valueCell(series, values, cell, { commit, before }, label) {
    const attributes = { class: "number", "data-label": label };
    if (cell === null) return el("td", attributes, "–");
    const [now, old] = [valueAt(values, cell, commit), valueAt(values, cell, before)];
    const reason = Readings.reasonOf(now, values.reasons);
    const isOther = old !== null && old !== now && !(isFailure(old) && isFailure(now));
    return el(
      "td",
      attributes,
      isFailure(now)
        ? el("span", { class: "mark broken", title: reason }, "failed")
        : Readings.text(now, series, true),
      isOther && el("span", { class: "was" }, `was ${Readings.text(old, series, true)}`),
    );
  }

  const { isFailure, isWrong } = Readings;

  /** Whether there is no figure of a right outcome where there might be one.
      @param {Encoded} value */
  const isBad = (value) => isFailure(value) || isWrong(value);

  /** A link to the history of a series, or of one of its cells.
      @param {string} label @param {Series} series @param {number} [cell] */
  const link = (label, series, cell) => el("a", { href: AllSeries.address(series, cell) }, label);

  /** @param {HTMLElement} place @param {PanelOf<"table">} panel @param {ChosenCommits} chosen */
  async function table(place, { title, points, rows }, chosen) {
    const known = await Promise.all(rows.map((row) => Values.of(AllSeries.all[row.series])));
    const body = rows.map(({ label, series: number, cells }, n) => {
      const series = AllSeries.all[number];
      return el(
        "tr",
        {},
        el("th", { scope: "row" }, link(label, series)),
        cells.map((cell, at) => valueCell(series, known[n], cell, chosen, points[at])),
      );
    });
    Elements.fill(
      place,
      Tables.stacked(["", ...points.map((point) => `#${point}`)], el("tbody", {}, body), {
        caption: el("caption", {}, `${title}, at ${chosen.commit.short}`),
      }),
    );
  }

  /** @param {HTMLElement} place @param {PanelOf<"outcomes">} panel @param {ChosenCommits} chosen */
  async function outcomes(place, { title, series: number, cells, beside }, chosen) {
    const series = AllSeries.all[number];
    const values = await Values.of(series);
    const others = await Promise.all(beside.map((one) => Values.of(AllSeries.all[one.series])));
    const body = cells.map((cell) =>
      el(
        "tr",
        {},
        el("th", { scope: "row" }, link(AllSeries.cellLabel(series, cell), series, cell)),
        series.codes.map((_, code) => outcomeCell(series, values, cell, code, chosen)),
        beside.map(({ label, series: other }, n) =>
          valueCell(AllSeries.all[other], others[n], cell, chosen, label),
        ),
      ),
    );
    const heads = ["", ...series.codes, ...beside.map(({ label }) => `#${label}`)];
    Elements.fill(
      place,
      Tables.stacked(heads, el("tbody", {}, body), {
        style: "outcomes",
        caption: el("caption", {}, `${title}, at ${chosen.commit.short}`),
      }),
    );
  }

  /** Whether an outcome is that of a cell at the commits: the first one of a series is good.
      @param {Series} series @param {SeriesValues} values @param {number} cell
      @param {number} code @param {ChosenCommits} chosen */
  function outcomeCell(series, values, cell, code, { commit, before }) {
    const [now, old] = [valueAt(values, cell, commit), valueAt(values, cell, before)];
    const [figure, former] = [Readings.figureOf(now), Readings.figureOf(old)];
    const style = code === 0 ? "better" : "worse";
    const isFormer = former === code && figure !== code;
    return el(
      "td",
      {},
      figure === code && el("span", { class: `mark ${style}` }, `● ${series.codes[code]}`),
      code === 0 && figure === null && Readings.text(now, series),
      isFormer &&
        before &&
        el("span", { class: "was" }, `○ ${series.codes[code]} at ${before.short}`),
    );
  }

  return { draw };
})();
