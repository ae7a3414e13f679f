/* The points of a plot that a pointer or the keyboard can be at, and what is said of each. */
"use strict";

const PlotStops = (() => {
  /** @type {WeakMap<Places, number[]>} */
  const known = new WeakMap();

  /** The x of all points within what is shown, ascending.
      @param {Places} places @returns {number[]} */
  function all(places) {
    const found = known.get(places);
    if (found) return found;
    const [low, high] = places.range;
    const arrays = new Set(places.shown.lines.filter(({ said }) => said).map(({ x }) => x));
    const united = new Set([...arrays].flat());
    const within = [...united].filter((x) => x >= low && x <= high).sort((a, b) => a - b);
    known.set(places, within);
    return within;
  }

  /** The index of the point whose x is nearest.
      @param {number[]} stops @param {number} x */
  function nearest(stops, x) {
    const after = PlotPaths.indexAt(stops, x);
    const before = after - 1;
    if (after === stops.length) return before;
    return before >= 0 && x - stops[before] < stops[after] - x ? before : after;
  }

  /** What is at an x: a value of each line that says something there.
      @param {Places} places @param {number} x @returns {PlotReading[]} */
  function readings(places, x) {
    return places.shown.lines.flatMap((line) => {
      const n = PlotPaths.indexAt(line.x, x);
      const text = line.x[n] === x && line.said ? line.said(n) : "";
      return text ? [{ line, n, text, y: line.y[n] }] : [];
    });
  }

  /** The marks of a line at an x.
      @param {Places} places @param {number} x @param {PlotLine} line
      @returns {{marks: PlotMarks, n: number}[]} */
  const marksAt = (places, x, { name, group = name }) =>
    places.shown.marks.flatMap((marks) =>
      marks.x.flatMap((at, n) => (at === x && marks.lines[n] === group ? [{ marks, n }] : [])),
    );

  /** The reading that is nearest to a height, of those that have one; else the first.
      @param {Places} places @param {PlotReading[]} found @param {number} height */
  function nearestReading(places, found, height) {
    /** @param {PlotReading} one */
    const distance = ({ y }) =>
      y === null ? Number.POSITIVE_INFINITY : Math.abs(places.y.at(y) - height);
    return found.reduce(
      (best, one) => (best && distance(best) <= distance(one) ? best : one),
      /** @type {PlotReading | undefined} */ (undefined),
    );
  }

  return { all, nearest, readings, marksAt, nearestReading };
})();
