/* The values of a series, by cell and position. */
"use strict";

const Values = (() => {
  const SPREADS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";

  /** @type {Map<number, Promise<SeriesValues>>} */
  const loaded = new Map();

  /** Promises the values of a series, and its changes, oldest first.
      @param {Series} series @returns {Promise<SeriesValues>} */
  function of(series) {
    const known = loaded.get(series.number);
    if (known) return known;
    const promise = Unladen.load(`series-${series.number}`).then((data) => ({
      cells: cellsOf(data, Commits.measured.length),
      changes: data.changes.map((row) => Changes.fromRow(row, data.reasons)),
      reasons: data.reasons,
    }));
    loaded.set(series.number, promise);
    return promise;
  }

  /** The values of each cell, at so many positions.
      @param {SeriesData} data @param {number} length */
  const cellsOf = ({ cells }, length) =>
    cells.map((cell) => ("runs" in cell ? fromRuns(cell.runs, length) : fromUnits(cell, length)));

  /** @param {number} length @returns {null[]} */
  const nothing = (length) => new Array(length).fill(null);

  /** @param {Encoded[]} runs @param {number} length @returns {CellValues} */
  function fromRuns(runs, length) {
    /** @type {Encoded[]} */
    const values = nothing(length);
    for (let run = 0; run < runs.length; run += 2) {
      const end = run + 2 < runs.length ? Number(runs[run + 2]) : values.length;
      values.fill(runs[run + 1], Number(runs[run]), end);
    }
    return { values, low: null, high: null };
  }

  /** @param {SampledCell} cell @param {number} length @returns {CellValues} */
  function fromUnits(cell, length) {
    /** @type {Encoded[]} */
    const values = nothing(length);
    /** @type {(number | null)[] | null} */
    const low = cell.low ? nothing(length) : null;
    /** @type {(number | null)[] | null} */
    const high = cell.high ? nothing(length) : null;
    cell.values.forEach((whole, index) => {
      const at = cell.from + index;
      const value = inUnits(whole, cell.unit);
      values[at] = value;
      if (!Readings.isNumber(value)) return;
      if (low && cell.low) low[at] = quartile(value, cell.low[index], -1);
      if (high && cell.high) high[at] = quartile(value, cell.high[index], 1);
    });
    return { values, low, high };
  }

  /** A stored whole number in the series' unit; what is none as it is.
      @param {Encoded} value @param {number} unit */
  function inUnits(value, unit) {
    if (Readings.isWrong(value)) {
      const figure = Readings.figureOf(value) ?? Number.NaN;
      return `${value.slice(0, value.indexOf(":"))}:${figure * unit}`;
    }
    return Readings.isNumber(value) ? value * unit : value;
  }

  /** The quartile below (-1) or above (1) a value: see SPREADS in unladen/site/encode.py.
      @param {number} value @param {string} letter @param {-1 | 1} side */
  function quartile(value, letter, side) {
    const step = SPREADS.indexOf(letter);
    if (step < 0) return null;
    return value + side * Math.abs(value) * (step === 0 ? 0 : 1e-4 * 1.2 ** (step - 1));
  }

  /** The number of a right outcome at a position, null if there is none.
      @param {CellValues} cell @param {number} position */
  function numberAt(cell, position) {
    const value = position >= 0 ? cell.values[position] : null;
    return Readings.isNumber(value) ? value : null;
  }

  return { of, cellsOf, numberAt };
})();
