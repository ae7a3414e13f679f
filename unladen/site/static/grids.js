/* Series over three parameters: the model's latency, its slots, and how many runs at once. */
"use strict";

const Grids = (() => {
  const LATENCY = "latency_s";
  const SLOTS = "slots";

  /** A grid. `runs`: the word for what runs at once, as the parameter is called; the points of each
      parameter; `cell`: the number of a cell, by a point of each.
      @param {Series} series */
  function of(series) {
    const names = series.axes.map(([name]) => name);
    const [latency, slots] = [names.indexOf(LATENCY), names.indexOf(SLOTS)];
    const over = names.findIndex((_, axis) => axis !== latency && axis !== slots);
    /** @param {number} axis */
    const points = (axis) => series.axes[axis][1];
    /** @param {string} seconds @param {string} runs @param {string} slot */
    const cell = (seconds, runs, slot) =>
      series.cells.findIndex(
        (one) => one[latency] === seconds && one[over] === runs && one[slots] === slot,
      );
    return {
      word: names[over],
      latencies: points(latency),
      runs: points(over),
      slots: points(slots),
      cell,
    };
  }

  return { of };
})();
