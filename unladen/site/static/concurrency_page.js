/* Throughput, time and efficiency against the runs that are in flight at once. */
"use strict";

(() => {
  const { el, $, fill } = Elements;
  const views = Unladen.data("site").views.concurrency;

  /** A plot of a series.
      @typedef {{id: string, title: string, series: Series,
                 draw: (container: HTMLElement, chosen: ChosenCommits) => Promise<void>}} Panel */

  /** How the values of a series are drawn. `figure`: what is drawn of a value at a size; `text`: a
      figure for people; `ideal`: figures to compare with.
      @typedef {{figure: (value: number, size: number) => number,
                 text: (figure: number) => string,
                 y: PlotAxis,
                 ideal?: (sizes: number[], figures: (number | null)[]) => (number | null)[]}} Style */

  /** The view whose plots the page has, and they.
      @type {Concurrency | null} */
  let laidOut = null;
  /** @type {Panel[]} */
  let panels = [];

  /** @param {AddressState} state */
  function show(state) {
    const view = Choices.viewOf(views, state);
    if (view !== laidOut) layOut(view);
    Choices.forViews(views, state, show);
    const chosen = Choices.commitsOf(state);
    for (const { id, draw } of panels) {
      draw($(id), chosen).catch((error) => Elements.complain($(id), error));
    }
  }

  /** @param {Concurrency} view */
  function layOut(view) {
    const { makespan, efficiency, others } = view;
    const overRuns = [makespan, ...others].filter((number) => number !== null);
    laidOut = view;
    panels = [
      ...(makespan === null ? [] : makespanPanels(AllSeries.all[makespan])),
      ...(efficiency === null ? [] : [efficiencyPanel(AllSeries.all[efficiency])]),
      ...others.map((number) => quantityPanel(AllSeries.all[number])),
    ];
    const [[what]] = AllSeries.all[overRuns[0]].axes;
    $("heading").textContent = `Many ${what} at once`;
    fill(
      $("plots"),
      panels.map(({ id, title, series }) => {
        const link = el("a", { href: AllSeries.address(series) }, series.shown);
        return el(
          "section",
          {},
          el("h2", {}, title),
          el("p", { class: "small soft" }, link),
          el("div", { class: "plot low", id }),
        );
      }),
    );
  }

  /** @param {string} id @param {string} title @param {Series} series @param {Style} style
      @returns {Panel} */
  function panel(id, title, series, { figure, text, y, ideal }) {
    const sizes = SizePlot.sizesOf(series);
    const [[what]] = series.axes;
    /** @param {HTMLElement} container @param {ChosenCommits} chosen */
    const draw = async (container, chosen) => {
      const { cells } = await Values.of(series);
      /** @param {number} position */
      const at = (position) =>
        cells.map((cell, n) => {
          const value = Values.numberAt(cell, position);
          return value === null ? null : figure(value, sizes[n]);
        });
      const [now, old] = [at(chosen.position), at(chosen.position - 1)];
      SizePlot.draw(container, title, chosen, {
        sizes,
        what,
        axisTitle: `${what} at once`,
        now,
        old,
        text,
        y,
        ideal: ideal?.(sizes, now),
      });
    };
    return { id, title, series, draw };
  }

  /** @param {Series} series @returns {Panel[]} */
  function makespanPanels(series) {
    const [[what]] = series.axes;
    return [
      panel("throughput", "Throughput", series, {
        figure: (value, size) => size / value,
        text: (figure) => `${Format.significant(figure, 4)} a virtual second`,
        y: Axes.values({ unit: "" }, { isLog: true, title: `${what} per virtual second` }),
        ideal: (sizes, [first]) =>
          sizes.map((size) => (first === null ? null : (first * size) / sizes[0])),
      }),
      panel("latency", "Time until all are done", series, {
        figure: (value) => value,
        text: (figure) => Format.quantity(figure, series),
        y: Axes.values(series, { fromZero: true, title: "virtual seconds" }),
        ideal: (sizes, [first]) => sizes.map(() => first),
      }),
    ];
  }

  /** @param {Series} series @returns {Panel} */
  const quantityPanel = (series) =>
    panel(`other-${series.number}`, AllSeries.quantityName(series), series, {
      figure: (value) => value,
      text: (figure) => Format.quantity(figure, series),
      y: Axes.values(series, { fromZero: true }),
    });

  /** @param {number | null} value */
  const fractionText = (value) =>
    value === null ? "none" : `${Format.significant(value * 100, 3)} %`;

  /** The latency of the efficiency's panel, if it is among those measured. */
  const USUAL_LATENCY = "1.1";

  /** @param {Series} series @returns {Panel} */
  function efficiencyPanel(series) {
    const grid = Grids.of(series);
    const latency = grid.latencies.includes(USUAL_LATENCY) ? USUAL_LATENCY : grid.latencies[0];
    const sizes = grid.runs.map(Number);
    /** @param {CellValues[]} cells @param {number} position @param {string} slots
        @param {number} number @returns {PlotLine} */
    const line = (cells, position, slots, number) => {
      const y = grid.runs.map((size) =>
        Values.numberAt(cells[grid.cell(latency, size, slots)], position),
      );
      return {
        name: `${slots} slots`,
        style: number,
        x: sizes,
        y,
        symbols: "all",
        said: (n) => fractionText(y[n]),
      };
    };
    return {
      id: "efficiency",
      title: `Efficiency at ${Format.significant(Number(latency), 3)} s a model call`,
      series,
      async draw(container, { commit, position }) {
        const { cells } = await Values.of(series);
        Plots.draw(container, `Critical path over makespan at ${commit.short}`, {
          what: grid.word,
          x: Axes.sizes(sizes, `${grid.word} at once`),
          y: Axes.fractions("critical path / makespan"),
          lines: grid.slots.map((slots, number) => line(cells, position, slots, number)),
          about: (_, n) => ({ title: `${sizes[n]} ${grid.word}` }),
        });
      },
    };
  }

  Address.follow(show);
})();
