/* The plot of one series: its cells over the commits, levels and spreads, and its changes. */
"use strict";

const SeriesPlot = (() => {
  const LOG_ABOVE = 30;
  /** More commits than these have no marker each, nor more lines than these a band. */
  const FEW = 80;
  const BANDS = 4;

  /** How a cell is drawn: `unit` divides its values, `x` are the positions.
      @typedef {{values: CellValues, unit: number, x: number[], group: string,
                 style: ReturnType<typeof Plots.lineStyle>}} Line */

  /** Draws some cells of a series into an element; what is to be known of the plot, in sentences.
      `scale`: "linear", "log", "relative", "" for what fits; `first`: the position to begin at.
      @param {HTMLElement} plot @param {Series} series @param {string} scale
      @param {SeriesValues} values @param {number[]} cells @param {number} [first] */
  function draw(plot, series, scale, values, cells, first = 0) {
    const shown = scaleOf(series, scale, values, cells);
    const label = `${series.shown} over ${Format.plural(Commits.measured.length, "commit")}; its page lists the changes`;
    const make = () => {
      const traces = cells.flatMap((cell, line) =>
        linesOf(series, values, cell, line, cells.length, shown),
      );
      traces.push(...marksOf(series, values, cells, shown));
      const yaxis =
        shown === "relative"
          ? { title: { text: "times the first value", font: { size: 12 } }, ticksuffix: "×" }
          : Axes.values(series, shown, traces);
      return { traces, layout: { xaxis: Axes.commits(first, plot.clientWidth), yaxis } };
    };
    Plots.draw(plot, label, make, Plots.toCommit);
    /** @param {(value: Encoded) => boolean} test */
    const some = (test) => cells.some((cell) => values.cells[cell].values.some(test));
    return [
      some(Readings.isFailure) && "A gap with a cross before it: it failed there.",
      some(Readings.isWrong) &&
        "Open circles on a dotted line: it ended without doing what was asked.",
    ].filter((note) => note !== false);
  }

  /** @param {Series} series @param {string} scale @param {SeriesValues} values
      @param {number[]} cells */
  function scaleOf(series, scale, values, cells) {
    if (Format.isCoded(series)) return "linear";
    if (scale) return scale;
    const numbers = cells.flatMap((cell) => Readings.figures(values.cells[cell].values));
    const low = Math.min(...numbers);
    return numbers.length && low > 0 && Math.max(...numbers) / low > LOG_ABOVE ? "log" : "linear";
  }

  /** The divisor of a cell: 1, or its first value on a relative scale.
      @param {CellValues} cell @param {string} scale */
  function unitOf(cell, scale) {
    if (scale !== "relative") return 1;
    return cell.values.filter(Readings.isNumber).find((value) => value !== 0) || 1;
  }

  /** @param {Encoded} value @param {number} unit */
  const divided = (value, unit) => (Readings.isNumber(value) ? value / unit : null);

  /** @param {Series} series @param {SeriesValues} values @param {number} cell
      @param {number} number @param {number} lines @param {string} scale */
  function linesOf(series, values, cell, number, lines, scale) {
    const cellValues = values.cells[cell];
    const raw = cellValues.values;
    const style = Plots.lineStyle(number);
    const line = {
      values: cellValues,
      unit: unitOf(cellValues, scale),
      x: raw.map((_, position) => position),
      group: String(cell),
      style,
    };
    const { isExact } = series;
    /** @type {Trace} */
    const main = {
      type: "scatter",
      mode: raw.length <= FEW || !isExact ? "lines+markers" : "lines",
      name: Plots.escaped(AllSeries.cellText(series, cell) || series.shown),
      legendgroup: line.group,
      x: line.x,
      y: readingsOf(series, cellValues).map((value) => divided(value, line.unit)),
      customdata: line.x,
      text: line.x.map((position) =>
        Plots.hover(position, hoverValue(series, cellValues, position, cell)),
      ),
      hoverinfo: "text",
      opacity: isExact ? 1 : 0.6,
      line: {
        color: style.colour,
        width: isExact ? 2 : 1,
        dash: style.dash,
        shape: isExact ? "hv" : "linear",
      },
      marker: { size: isExact ? 4 : 5, symbol: style.symbol, color: style.colour },
    };
    const traces = lines <= BANDS ? [...bandOf(line), main] : [main];
    if (raw.some(Readings.isWrong)) traces.push(wrongOf(main, line));
    if (!isExact) traces.push(levelsOf(values.changes, cell, line));
    return traces;
  }

  /** The values of wrong outcomes, apart from the line of right ones.
      @param {Trace} main @param {Line} line @returns {Trace} */
  function wrongOf(main, { values, unit, style }) {
    return {
      ...main,
      mode: "lines+markers",
      name: `${main.name} (wrong)`,
      showlegend: false,
      y: values.values.map((value) =>
        Readings.isWrong(value) ? divided(Readings.figureOf(value), unit) : null,
      ),
      line: { color: style.colour, dash: "dot", width: 1, shape: "hv" },
      marker: {
        size: 7,
        symbol: "circle-open",
        color: style.colour,
        line: { width: 1.5, color: Plots.colour("--worse") },
      },
    };
  }

  /** What changes are looked for in: the values; of sampled series the quartile on the good side,
      which is the steadier one.
      @param {Series} series @param {CellValues} cell @returns {Encoded[]} */
  function readingsOf(series, { values, low, high }) {
    const quartile = series.higher ? high : low;
    return quartile ? values.map((value, n) => quartile[n] ?? value) : values;
  }

  /** @param {Series} series @param {CellValues} values @param {number} position
      @param {number} cell */
  function hoverValue(series, { values, low, high }, position, cell) {
    const unit = Format.hasOwnUnit(series) ? "" : ` ${series.unit}`;
    const of = AllSeries.cellText(series, cell);
    const text = `${Readings.text(values[position], series)}${unit}${of ? ` (${of})` : ""}`;
    const [from, to] = [low, high].map((edge) => (edge ? edge[position] : null));
    if (from === null || to === null) return text;
    return `median ${text}, quartiles ${Format.quantity(from, series)} to ${Format.quantity(to, series)}`;
  }

  /** Between the quartiles.
      @param {Line} line @returns {Trace[]} */
  function bandOf({ values: { low, high }, unit, x, style, group }) {
    if (!low || !high) return [];
    const common = {
      type: "scatter",
      mode: "lines",
      x,
      hoverinfo: "skip",
      showlegend: false,
      legendgroup: group,
      line: { width: 0, color: style.colour },
    };
    /** @param {(number | null)[]} edge */
    const y = (edge) => edge.map((value) => divided(value, unit));
    return [
      { ...common, y: y(low) },
      { ...common, y: y(high), fill: "tonexty", fillcolor: `${style.colour}2a` },
    ];
  }

  /** The levels between the steps of a sampled cell.
      @param {Change[]} changes @param {number} cell @param {Line} line @returns {Trace} */
  function levelsOf(changes, cell, { values, unit, x, style, group }) {
    /** @type {(number | null)[]} */
    const y = x.map(() => null);
    let isFirst = true;
    for (const change of changes) {
      if (change.cell !== cell || change.kind !== "value") continue;
      if (!Readings.isNumber(change.before)) continue;
      const start = Commits.position(change.commit);
      if (isFirst) y.fill(divided(change.before, unit), 0, start);
      y.fill(divided(change.after, unit), start);
      isFirst = false;
    }
    values.values.forEach((value, position) => {
      if (!Readings.isNumber(value)) y[position] = null;
    });
    return {
      type: "scatter",
      mode: "lines",
      x,
      y,
      hoverinfo: "skip",
      showlegend: false,
      legendgroup: group,
      line: { color: style.colour, width: 2.5, shape: "hv" },
    };
  }

  /** @type {{name: string, is: (change: Change) => boolean, symbol: string, colour: string}[]} */
  const MARKS = [
    {
      name: "the host's, the driver's, a drift, or cleared",
      is: Changes.isDismissed,
      symbol: "circle",
      colour: "--soft",
    },
    {
      name: "worse",
      is: ({ kind, verdict }) => kind === "value" && verdict === "regression",
      symbol: "triangle-up",
      colour: "--worse",
    },
    {
      name: "better",
      is: ({ kind, verdict }) => kind === "value" && verdict === "improvement",
      symbol: "triangle-down",
      colour: "--better",
    },
    { name: "broke", is: ({ kind }) => kind === "broke", symbol: "x", colour: "--worse" },
    {
      name: "goes wrong",
      is: ({ kind }) => kind === "goes wrong",
      symbol: "cross",
      colour: "--worse",
    },
    {
      name: "works again",
      is: ({ kind }) => kind === "works again",
      symbol: "circle",
      colour: "--better",
    },
    {
      name: "right again",
      is: ({ kind }) => kind === "right again",
      symbol: "circle",
      colour: "--better",
    },
    {
      name: "new or gone",
      is: ({ kind }) => kind === "appears" || kind === "disappears",
      symbol: "diamond",
      colour: "--neither",
    },
  ];

  /** A mark at each change; open ones are suspected only.
      @param {Series} series @param {SeriesValues} values @param {number[]} cells
      @param {string} scale @returns {Trace[]} */
  function marksOf(series, values, cells, scale) {
    const shown = new Set(cells);
    const changes = values.changes.filter((change) => shown.has(change.cell));
    return MARKS.map((mark) => {
      const members = changes.filter((change) => MARKS.find(({ is }) => is(change)) === mark);
      const x = members.map((change) => Commits.position(change.commit));
      const edge = members.every(Changes.isSettled) ? "--paper" : mark.colour;
      return {
        type: "scatter",
        mode: "markers",
        name: mark.name,
        x,
        y: members.map((change) => height(change, values, scale)),
        customdata: x,
        text: members.map((change, n) => Plots.hover(x[n], hoverChange(change))),
        hoverinfo: "text",
        marker: {
          size: series.isExact ? 11 : 9,
          symbol: members.map((change) => mark.symbol + (Changes.isSettled(change) ? "" : "-open")),
          color: Plots.colour(mark.colour),
          line: { width: 1.5, color: Plots.colour(edge) },
        },
      };
    }).filter((trace) => trace.x.length);
  }

  /** @param {Change} change */
  function hoverChange(change) {
    const size = Readings.sizeText(change.before, change.after, change.series);
    return [Marks.wordOf(change)[0], size, Marks.valuesText(change)].filter(Boolean).join(" ");
  }

  /** @param {Change} change @param {SeriesValues} values @param {string} scale */
  function height({ cell, before, after }, values, scale) {
    const figure = Readings.figureOf(after) ?? Readings.figureOf(before);
    return divided(figure, unitOf(values.cells[cell], scale));
  }

  return { draw };
})();
