/* What a plot draws of a cell over the commits: its line, what is wrong, levels and quartiles. */
"use strict";

const SeriesLines = (() => {
  /** More lines than these have no band each. */
  const BANDS = 4;

  /** The divisor of a cell: 1, or its first value where values are relative to that.
      @param {CellValues} cell @param {boolean} isRelative */
  function unitOf({ values }, isRelative) {
    if (!isRelative) return 1;
    return values.filter(Readings.isNumber).find((value) => value !== 0) || 1;
  }

  /** @param {Encoded} value @param {number} unit */
  const divided = (value, unit) => (Readings.isNumber(value) ? value / unit : null);

  /** What changes are looked for in: the values; of sampled series the quartile on the good side,
      which is the steadier one.
      @param {Series} series @param {CellValues} cell @returns {Encoded[]} */
  function readingsOf(series, { values, low, high }) {
    const quartile = series.higher ? high : low;
    return quartile ? values.map((value, n) => quartile[n] ?? value) : values;
  }

  /** The value at a position in words, with its quartiles, or why there is none; "" where nothing
      was measured.
      @param {ShownCell} shown @param {number} position */
  function textAt({ series, cell, known }, position) {
    const { values, low, high } = known.cells[cell];
    const value = values[position] ?? null;
    if (value === null) return "";
    const hasUnit = Readings.figureOf(value) !== null && !Format.hasOwnUnit(series);
    const unit = hasUnit && series.unit ? ` ${series.unit}` : "";
    const text = Readings.text(value, series) + unit;
    const reason = Readings.reasonOf(value, known.reasons);
    if (reason) return `${text}: ${reason.length > 90 ? `${reason.slice(0, 87)}…` : reason}`;
    const [from, to] = [low, high].map((edge) => (edge ? edge[position] : null));
    if (from === null || to === null) return text;
    return `${text} (quartiles ${Format.quantity(from, series)} to ${Format.quantity(to, series)})`;
  }

  /** The levels between the steps of a sampled cell, by position; null if it has no step.
      @param {ShownCell} shown @returns {(number | null)[] | null} */
  function levelsOf({ cell, known, commits }) {
    const { values } = known.cells[cell];
    /** @type {(number | null)[] | null} */
    let levels = null;
    for (const change of known.changes) {
      if (change.cell !== cell || change.kind !== "value") continue;
      if (!Readings.isNumber(change.before)) continue;
      const start = commits.position(change.commit);
      levels ??= values.map((_, position) => (position < start ? Number(change.before) : null));
      levels.fill(Readings.isNumber(change.after) ? change.after : null, start);
    }
    return levels?.map((level, n) => (Readings.isNumber(values[n]) ? level : null)) ?? null;
  }

  /** The line of right outcomes: `n`, its number of `lines`.
      @param {ShownCell} shown @param {{n: number, isRelative: boolean}} look @returns {PlotLine} */
  function mainOf(shown, { n, isRelative }) {
    const { series, cell, known, name, x } = shown;
    const values = known.cells[cell];
    const unit = unitOf(values, isRelative);
    return {
      name,
      style: n,
      look: series.isExact ? "main" : "samples",
      x,
      y: readingsOf(series, values).map((value) => divided(value, unit)),
      isStepped: series.isExact,
      said: (at) => (Readings.isWrong(values.values[at]) ? "" : textAt(shown, at)),
    };
  }

  /** The values of wrong outcomes, apart from the line of right ones.
      @param {ShownCell} shown @param {PlotLine} main @param {number} unit @returns {PlotLine} */
  function wrongOf(shown, main, unit) {
    const { values } = shown.known.cells[shown.cell];
    return {
      ...main,
      name: `${main.name} (wrong)`,
      group: main.name,
      look: "wrong",
      y: values.map((value) =>
        Readings.isWrong(value) ? divided(Readings.figureOf(value), unit) : null,
      ),
      isStepped: true,
      symbols: "all",
      said: (at) => (Readings.isWrong(values[at]) ? textAt(shown, at) : ""),
    };
  }

  /** The lines of a cell, and the band between its quartiles. `n`: its number, of so many `lines`.
      @param {ShownCell} shown @param {{n: number, lines: number, isRelative: boolean}} look
      @returns {{lines: PlotLine[], bands: PlotBand[]}} */
  function of(shown, { n, lines, isRelative }) {
    const values = shown.known.cells[shown.cell];
    const unit = unitOf(values, isRelative);
    const main = mainOf(shown, { n, isRelative });
    const common = { style: n, group: main.name, x: shown.x };
    const found = [main];
    if (values.values.some(Readings.isWrong)) found.push(wrongOf(shown, main, unit));
    const levels = shown.series.isExact ? null : levelsOf(shown);
    if (levels) {
      const y = levels.map((level) => divided(level, unit));
      const look = /** @type {const} */ ({ look: "level", symbols: "none", isStepped: true });
      found.push({ ...common, ...look, name: `${main.name} (level)`, y });
    }
    const { low, high } = values;
    if (!low || !high || lines > BANDS) return { lines: found, bands: [] };
    /** @param {(number | null)[]} edge */
    const edge = (edge) => edge.map((value) => divided(value, unit));
    return { lines: found, bands: [{ ...common, low: edge(low), high: edge(high) }] };
  }

  return { of, unitOf, levelsOf };
})();
