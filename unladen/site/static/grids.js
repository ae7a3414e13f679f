/* Series over three parameters: the model's latency, its slots, and how many runs at once. */
"use strict";

const Grids = (() => {
  /** A grid. `runs`: the word for what runs at once, as the parameter is called; the points of each
      parameter; `cell`: the number of a cell, by a point of each.
      @param {Series} series */
  function of(series) {
    const [latency, over, slots] = ["latency", "runs", "slots"].map((role) =>
      series.roles.indexOf(role),
    );
    /** @param {number} axis */
    const points = (axis) => series.axes[axis][1];
    /** @param {string} seconds @param {string} runs @param {string} slot */
    const cell = (seconds, runs, slot) =>
      series.cells.findIndex(
        (one) => one[latency] === seconds && one[over] === runs && one[slots] === slot,
      );
    return {
      word: series.axes[over][0],
      latencies: points(latency),
      runs: points(over),
      slots: points(slots),
      cell,
    };
  }

  return { of };
})();
