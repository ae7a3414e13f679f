/* The plot of one series: its cells over the commits, steps, spreads and changes. */
"use strict";

((U) => {
  const { $ } = U;
  const LOG_ABOVE = 30;

  /** Draws the cells of a series that a view has chosen. */
  U.drawSeries = (view, values, cells) => {
    const { series } = view;
    const numbers = cells.flatMap((cell) =>
      values.cells[cell].values.map(U.figureOf).filter((value) => value !== null),
    );
    const isWide =
      numbers.length > 0 &&
      Math.min(...numbers) > 0 &&
      Math.max(...numbers) / Math.min(...numbers) > LOG_ABOVE;
    const scale = U.isCoded(series) ? "linear" : view.scale || (isWide ? "log" : "linear");
    const make = () => {
      const traces = cells.flatMap((cell, line) =>
        linesOf(series, values, cell, line, cells.length, scale),
      );
      traces.push(...marksOf(series, values, cells, scale));
      const title = scale === "relative" ? "times the first value" : series.unit;
      const yaxis =
        scale === "relative"
          ? { title: { text: title, font: { size: 12 } }, ticksuffix: "×" }
          : U.valueAxis(series, scale, traces);
      return { traces, layout: { xaxis: U.commitAxis(), yaxis, showlegend: true } };
    };
    const label = `${series.shown} over ${U.plural(U.measured.length, "commit")}; the table below lists its changes`;
    U.plot($("plot"), label, make, (position) => {
      if (position !== undefined) location.href = U.commitLink(U.commitAt(position));
    });
    const failed = cells.some((cell) => values.cells[cell].values.some(U.isFailure));
    const wrong = cells.some((cell) => values.cells[cell].values.some(U.isWrong));
    $("plot-note").textContent =
      "Click a point to go to its commit; drag to zoom, double-click to return." +
      (failed ? " A gap with a cross before it: it failed there." : "") +
      (wrong ? " Open circles on a dotted line: it ended without doing what was asked." : "");
  };

  /** The divisor of a cell: 1, or its first value on a relative scale. */
  function unitOf(cell, scale) {
    if (scale !== "relative") return 1;
    return cell.values.find((value) => typeof value === "number" && value !== 0) || 1;
  }

  function linesOf(series, values, cell, line, lines, scale) {
    const { values: raw, low, high } = values.cells[cell];
    const unit = unitOf(values.cells[cell], scale);
    const readings = readingsOf(series, values.cells[cell]);
    const style = U.lineStyle(line);
    const name = U.plotText(U.cellText(series, cell) || series.shown);
    const x = raw.map((_, position) => position);
    const y = readings.map((value) => (typeof value === "number" ? value / unit : null));
    const few = raw.length <= 80;
    const main = {
      type: "scatter",
      mode: few || !series.isExact ? "lines+markers" : "lines",
      name,
      legendgroup: String(cell),
      x,
      y,
      customdata: x,
      text: raw.map((_value, position) =>
        U.commitHover(position, hoverValue(series, values.cells[cell], position, cell)),
      ),
      hoverinfo: "text",
      opacity: series.isExact ? 1 : 0.6,
      line: {
        color: style.colour,
        width: series.isExact ? 2 : 1,
        dash: style.dash,
        shape: series.isExact ? "hv" : "linear",
      },
      marker: { size: series.isExact ? 4 : 5, symbol: style.symbol, color: style.colour },
    };
    const traces = [main];
    if (raw.some(U.isWrong)) traces.push(wrongOf(main, raw, unit, style));
    if (low && lines <= 4) traces.unshift(...bandOf(low, high, unit, x, style, cell));
    if (!series.isExact) traces.push(levelsOf(values, cell, unit, x, style));
    return traces;
  }

  /** The values of wrong outcomes, apart from the line of right ones. */
  function wrongOf(main, raw, unit, style) {
    return {
      ...main,
      mode: "lines+markers",
      name: `${main.name} (wrong)`,
      showlegend: false,
      y: raw.map((value) => (U.isWrong(value) ? U.figureOf(value) / unit : null)),
      line: { ...main.line, dash: "dot", width: 1 },
      marker: {
        size: 7,
        symbol: "circle-open",
        color: style.colour,
        line: { width: 1.5, color: U.plotColour("--worse") },
      },
    };
  }

  /** What changes are looked for in: the values; of sampled series the quartile on the good side,
      which is the steadier one. */
  function readingsOf(series, { values, low, high }) {
    const quartile = series.higher ? high : low;
    return quartile ? values.map((value, n) => quartile[n] ?? value) : values;
  }

  function hoverValue(series, { values, low, high }, position, cell) {
    const unit = U.hasOwnUnit(series) ? "" : ` ${series.unit}`;
    const of = U.cellText(series, cell);
    const text = `${U.readingText(values[position], series)}${unit}${of ? ` (${of})` : ""}`;
    const [from, to] = [low, high].map((edge) => (edge ? edge[position] : null));
    if (from === null || to === null) return text;
    return `median ${text}, quartiles ${U.quantity(from, series)} to ${U.quantity(to, series)}`;
  }

  /** Between the quartiles. */
  function bandOf(low, high, unit, x, style, cell) {
    const edge = (values) =>
      values.map((value) => (typeof value === "number" ? value / unit : null));
    const common = {
      type: "scatter",
      mode: "lines",
      x,
      hoverinfo: "skip",
      showlegend: false,
      legendgroup: String(cell),
      line: { width: 0, color: style.colour },
    };
    return [
      { ...common, y: edge(low) },
      { ...common, y: edge(high), fill: "tonexty", fillcolor: `${style.colour}2a` },
    ];
  }

  /** The levels between the steps of a sampled cell. */
  function levelsOf(values, cell, unit, x, style) {
    const steps = values.changes.filter(
      (change) =>
        change.cell === cell && change.kind === "value" && typeof change.before === "number",
    );
    const y = x.map(() => null);
    steps.forEach((change, n) => {
      const start = U.position(change.commit);
      if (n === 0) y.fill(change.before / unit, 0, start);
      y.fill(change.after / unit, start);
    });
    values.cells[cell].values.forEach((value, position) => {
      if (typeof value !== "number") y[position] = null;
    });
    return {
      type: "scatter",
      mode: "lines",
      x,
      y,
      hoverinfo: "skip",
      showlegend: false,
      legendgroup: String(cell),
      line: { color: style.colour, width: 2.5, shape: "hv" },
    };
  }

  const MARKS = [
    ["the host's, a drift, or cleared", (c) => U.dismissed.has(c.state), "circle", "--soft"],
    ["worse", (c) => c.kind === "value" && c.verdict === "regression", "triangle-up", "--worse"],
    [
      "better",
      (c) => c.kind === "value" && c.verdict === "improvement",
      "triangle-down",
      "--better",
    ],
    ["broke", (c) => c.kind === "broke", "x", "--worse"],
    ["goes wrong", (c) => c.kind === "goes wrong", "cross", "--worse"],
    ["works again", (c) => c.kind === "works again", "circle", "--better"],
    ["right again", (c) => c.kind === "right again", "circle", "--better"],
    ["new or gone", (c) => c.kind === "appears" || c.kind === "disappears", "diamond", "--neither"],
  ];

  /** A mark at each change; open ones are suspected only. */
  function marksOf(series, values, cells, scale) {
    const shown = new Set(cells);
    const marks = values.changes.filter((change) => shown.has(change.cell));
    const kindOf = (change) => MARKS.find(([, test]) => test(change));
    return MARKS.map((mark) => {
      const [name, , symbol, colour] = mark;
      const members = marks.filter((change) => kindOf(change) === mark);
      return {
        type: "scatter",
        mode: "markers",
        name,
        x: members.map((change) => U.position(change.commit)),
        y: members.map((change) => height(change, values, scale)),
        customdata: members.map((change) => U.position(change.commit)),
        text: members.map((change) =>
          U.commitHover(U.position(change.commit), hoverChange(change)),
        ),
        hoverinfo: "text",
        marker: {
          size: series.isExact ? 11 : 9,
          symbol: members.map((change) => symbol + (U.settled.has(change.state) ? "" : "-open")),
          color: U.plotColour(colour),
          line: {
            width: 1.5,
            color: U.plotColour(members.some((c) => !U.settled.has(c.state)) ? colour : "--paper"),
          },
        },
      };
    }).filter((trace) => trace.x.length);
  }

  function hoverChange(change) {
    const size = U.sizeText(change.before, change.after, change.series);
    return `${U.wordOf(change)[0]} ${size} ${U.valuesText(change)}`.replaceAll("  ", " ");
  }

  function height(change, values, scale) {
    const cell = values.cells[change.cell];
    const unit = unitOf(cell, scale);
    const [at, before] = [change.after, change.before]
      .map(U.figureOf)
      .map((value) => (value === null ? null : value / unit));
    return at ?? before;
  }
})(window.Unladen);
