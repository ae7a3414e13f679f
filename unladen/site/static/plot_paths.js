/* The paths of a plot's lines, bands and symbols, as far as they are to be seen. */
"use strict";

const PlotPaths = (() => {
  /** @typedef {{x: Scale, y: Scale, range: Span}} Scaled */

  /** The first index whose x is not below a value.
      @param {number[]} x ascending @param {number} value */
  function indexAt(x, value) {
    let [low, high] = [0, x.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (x[middle] < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The part of a line that a range shows, and one point more at each end: from, to before.
      @param {number[]} x @param {Span} range @returns {Span} */
  const shownPart = (x, [low, high]) => [
    Math.max(indexAt(x, low) - 1, 0),
    Math.min(indexAt(x, high) + 1, x.length),
  ];

  /** The path of a line; stepped ones keep a value until the next one. Gaps interrupt it.
      @param {Pick<PlotLine, "x" | "y" | "isStepped">} line @param {Scaled} scaled */
  function linePath({ x, y, isStepped }, { x: across, y: down, range }) {
    const [from, to] = shownPart(x, range);
    let path = "";
    let [penX, penY] = [Number.NaN, Number.NaN];
    for (let n = from; n < to; n++) {
      const value = y[n];
      const height = value === null ? Number.NaN : down.at(value);
      if (!Number.isFinite(height)) {
        penY = Number.NaN;
        continue;
      }
      const [atX, atY] = [Math.round(across.at(x[n]) * 10) / 10, Math.round(height * 10) / 10];
      if (Number.isNaN(penY)) path += `M${atX},${atY}h0.01`;
      else if (!isStepped) {
        if (atX !== penX || atY !== penY) path += `L${atX},${atY}`;
      } else if (atY !== penY) path += `H${atX}V${atY}`;
      else if (n + 1 === to || y[n + 1] !== value) path += `H${atX}`;
      [penX, penY] = [atX, atY];
    }
    return path;
  }

  /** The path around a band: along its upper edge, and back along its lower one.
      @param {PlotBand} band @param {Scaled} scaled */
  function bandPath({ x, low, high }, { x: across, y: down, range }) {
    const [from, to] = shownPart(x, range);
    let path = "";
    /** @type {string[]} */
    let upper = [];
    /** @type {string[]} */
    let lower = [];
    const close = () => {
      if (upper.length) path += `M${upper.join("L")}L${lower.reverse().join("L")}Z`;
      [upper, lower] = [[], []];
    };
    for (let n = from; n < to; n++) {
      const [bottom, top] = [low[n], high[n]];
      if (bottom === null || top === null) {
        close();
        continue;
      }
      const at = across.at(x[n]).toFixed(1);
      upper.push(`${at},${down.at(top).toFixed(1)}`);
      lower.push(`${at},${down.at(bottom).toFixed(1)}`);
    }
    close();
    return path;
  }

  /** The path of symbols at the points of a line that a range shows; `gap`: at least so many
      pixels between two of them, `first` of them before the first.
      @param {Pick<PlotLine, "x" | "y">} line @param {Scaled} scaled
      @param {{symbol: PlotSymbol, r: number, gap?: number, first?: number}} look */
  function symbolsPath({ x, y }, { x: across, y: down, range }, { symbol, r, gap = 0, first = 0 }) {
    let path = "";
    let next = gap ? across.at(range[0]) + first : Number.NEGATIVE_INFINITY;
    for (let n = indexAt(x, range[0]); n < x.length && x[n] <= range[1]; n++) {
      const value = y[n];
      const at = across.at(x[n]);
      const height = value === null ? Number.NaN : down.at(value);
      if (!Number.isFinite(height) || at < next) continue;
      path += Svg.symbolPath(symbol, at, height, r);
      if (gap) next = at + gap;
    }
    return path;
  }

  return { indexAt, shownPart, linePath, bandPath, symbolsPath };
})();
