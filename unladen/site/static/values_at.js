/* The values of all series at one commit, from the file of its chunk. */
"use strict";

const ValuesAt = (() => {
  const own = Unladen.data("site");

  /** Promises the values at a position of the measured commits. `way`: to another folder of pages;
      `chunk`: of its site.
      @param {number} position @param {string} [way] @param {number} [chunk]
      @returns {Promise<KnownAt>} */
  async function load(position, way = "", chunk = own.chunk) {
    const { runs, open } = await Unladen.load(`values-${Math.floor(position / chunk)}`, way);
    return (series, cell) => {
      const [value] = last(runs[series][cell], position, 1) || [null];
      const counts = last(open[series]?.[cell] || [], position, 3) || [0, 0, 0];
      const [facts, suspected, none] = counts.map(Number);
      return { value, facts, suspected, none };
    };
  }

  /** What follows the last position of runs that is not after `position`; null before the first.
      @param {Encoded[]} runs @param {number} position @param {number} width */
  function last(runs, position, width) {
    for (let n = runs.length - width - 1; n >= 0; n -= width + 1) {
      if (Number(runs[n]) <= position) return runs.slice(n + 1, n + 1 + width);
    }
    return null;
  }

  return { load };
})();
