/* The axes of plots: over commits, over sizes, and of values with the units that fit them. */
"use strict";

const Axes = (() => {
  const TITLE_ROOM = { phone: 0.15, desktop: 0.05 };
  const PHONE = 640;
  /** @type {[name: string, factor: number][]} */
  const PLAIN = [["", 1]];
  /** @type {[name: string, factor: number][]} */
  const LARGE = [
    ["G", 1e9],
    ["M", 1e6],
    ["k", 1e3],
    ["", 1],
  ];

  /** The x axis of commits: positions, labelled with dates and beginnings of hashes. `first`: the
      position at which it begins; `width`: of the plot, in pixels.
      @param {number} [first] @param {number} [width] */
  function commits(first = 0, width = innerWidth) {
    const last = Commits.measured.length - 1;
    const wanted = Math.min(width < PHONE ? 4 : 9, last - first + 1);
    const ticks = Array.from(
      { length: wanted },
      (_, n) => first + Math.round(wanted > 1 ? (n * (last - first)) / (wanted - 1) : 0),
    );
    return {
      tickmode: "array",
      tickvals: ticks,
      ticktext: ticks.map((position) => {
        const commit = Commits.at(position);
        return `${Format.day(commit.date)}<br>${commit.short}`;
      }),
      tickfont: { size: 11 },
      ticklabeloverflow: "allow",
      range: [first - 0.5, last + 0.5],
      zeroline: false,
    };
  }

  /** A logarithmic axis with a tick at each of some numbers, ascending, and a label where there is
      room for it.
      @param {number[]} sizes @param {string} title */
  function sizes(sizes, title) {
    const room = innerWidth < PHONE ? TITLE_ROOM.phone : TITLE_ROOM.desktop;
    const whole = Math.log(sizes[sizes.length - 1] / sizes[0]);
    let next = Number.POSITIVE_INFINITY;
    const labels = [...sizes].reverse().map((size) => {
      const at = Math.log(size / sizes[0]) / whole;
      if (next - at < room) return "";
      next = at;
      return size.toLocaleString("en");
    });
    return {
      type: "log",
      title: { text: Plots.escaped(title) },
      tickvals: sizes,
      ticktext: labels.reverse(),
    };
  }

  /** An axis for a quantity. `traces`: what is drawn, with values in the series' unit. Its ticks
      bear the units that fit the values; without a `title` it bears the unit if they do not.
      Between whole numbers there are no ticks.
      @param {Quantity} series @param {string} kind "linear" or "log"
      @param {Pick<Trace, "y">[]} traces @param {string} [title] */
  function values(series, kind, traces, title) {
    const values = traces.flatMap((trace) => trace.y).filter((value) => value !== null);
    if (series.codes?.length) return codes(series.codes, values);
    const low = values.length ? Math.min(...values) : 0;
    const high = values.some((value) => value !== 0) ? Math.max(...values) : 1;
    const unitSteps = Format.stepsOf(series.unit);
    const steps = unitSteps || (high >= 1e5 ? LARGE : PLAIN);
    const isWhole = !unitSteps && values.every(Number.isInteger);
    const ticks = kind === "log" && low > 0 ? logTicks(low, high) : linearTicks(low, high, isWhole);
    /** @param {number} value */
    const text = (value) => {
      if (value === 0) return "0";
      const [name, factor] =
        steps.find((step) => Math.abs(value) >= step[1] * 0.9999) || steps[steps.length - 1];
      return `${Format.significant(value / factor, 6)}${name && unitSteps ? " " : ""}${name}`;
    };
    return {
      type: kind,
      title: { text: Plots.escaped(title || (unitSteps ? "" : series.unit)) },
      tickmode: "array",
      tickvals: ticks,
      ticktext: ticks.map(text),
    };
  }

  /** The words of all codes; values that have none have no tick.
      @param {string[]} codes @param {number[]} values */
  function codes(codes, values) {
    return {
      type: "linear",
      tickmode: "array",
      tickvals: codes.map((_, code) => code),
      ticktext: codes.map(Plots.escaped),
      range: [Math.min(0, ...values) - 0.5, Math.max(codes.length - 1, ...values) + 0.5],
    };
  }

  /** 1, 2, 5 in each decade; over many decades only 1.
      @param {number} low @param {number} high */
  function logTicks(low, high) {
    const [first, last] = [Math.floor(Math.log10(low)) - 1, Math.ceil(Math.log10(high)) + 1];
    const ticks = [];
    for (let decade = first; decade <= last; decade++) {
      for (const digit of last - first > 5 ? [1] : [1, 2, 5])
        ticks.push(Number(`${digit}e${decade}`));
    }
    return ticks;
  }

  /** Round numbers a little beyond both ends, so that there are some after zooming out as well.
      @param {number} low @param {number} high @param {boolean} isWhole */
  function linearTicks(low, high, isWhole) {
    const span = high - low || Math.abs(high) || 1;
    const rough = span / 5;
    const power = 10 ** Math.floor(Math.log10(rough));
    const round = power * ([1, 2, 5].find((digit) => digit * power >= rough) ?? 10);
    const step = isWhole ? Math.max(round, 1) : round;
    const ticks = [];
    for (let n = Math.floor(low / step) - 1; n <= Math.ceil(high / step) + 1; n++) {
      ticks.push(Number((n * step).toPrecision(12)));
    }
    return ticks;
  }

  return { commits, sizes, values };
})();
