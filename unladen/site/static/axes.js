/* The axes of plots: over commits or dates, over sizes, and of values with the units that fit. */
"use strict";

const Axes = (() => {
  /** @type {[name: string, factor: number][]} */
  const PLAIN = [["", 1]];
  /** @type {[name: string, factor: number][]} */
  const LARGE = [
    ["G", 1e9],
    ["M", 1e6],
    ["k", 1e3],
    ["", 1],
  ];
  const DAY = 86_400;
  const NAME = 12;

  /** The axis of commits: positions, labelled with dates and hashes. `first`: where it begins.
      @param {number} [first] @returns {PlotAxis} */
  function commits(first = 0) {
    const last = Commits.measured.length - 1;
    return {
      whole: [first - 0.5, last + 0.5],
      room: 92,
      rows: 2,
      snap([low, high]) {
        const [from, to] = [Math.ceil(low), Math.floor(high)];
        return to > from ? [from - 0.5, to + 0.5] : [from - 1.5, from + 1.5];
      },
      ticks([low, high], most) {
        const [from, to] = [Math.max(Math.ceil(low), 0), Math.min(Math.floor(high), last)];
        const step = Math.max(Math.ceil((to - from) / Math.max(most - 1, 1)), 1);
        const number = Math.max(Math.floor((to - from) / step) + 1, 0);
        return Array.from({ length: number }, (_, n) => {
          const at = to - (number - 1 - n) * step;
          const { date, short } = Commits.at(at);
          const name = short.length > NAME ? `${short.slice(0, NAME - 1)}…` : short;
          return { at, text: [Format.day(date), name] };
        });
      },
    };
  }

  /** The axis of seconds since 1970. `whole`: where it begins and ends.
      @param {Span} whole @returns {PlotAxis} */
  function dates(whole) {
    return {
      whole: Scales.padded(whole),
      room: 84,
      rows: 2,
      ticks(range, most) {
        const ticks = Ticks.times(range, most);
        const isDays = ticks.every((at) => at % DAY === 0);
        const isMonths = isDays && ticks.every((at) => new Date(at * 1000).getUTCDate() === 1);
        const cut = isMonths ? 7 : 10;
        return ticks.map((at) => {
          const time = new Date(at * 1000).toISOString();
          const text = [time.slice(0, cut)];
          return { at, text: isDays ? text : [...text, time.slice(11, 16)] };
        });
      },
    };
  }

  /** The axis of the seconds of a load, until its end.
      @param {number} end @returns {PlotAxis} */
  const seconds = (end) => ({
    title: "seconds of the load",
    whole: [0, end || 1],
    room: 60,
    ticks: (range, most) =>
      Ticks.linear(range, most).map((at) => ({ at, text: [Format.significant(at, 6)] })),
  });

  /** A logarithmic axis with a tick at each of some numbers, ascending, and a label where there is
      room for it.
      @param {number[]} sizes @param {string} title @returns {PlotAxis} */
  function sizes(sizes, title) {
    const isLog = sizes[0] > 0 && sizes.length > 1;
    return {
      title,
      isLog,
      whole: Scales.padded([sizes[0], sizes[sizes.length - 1]], isLog),
      room: 40,
      ticks([low, high], most) {
        const scale = Scales.of([low, high], [0, most], isLog);
        let next = Number.POSITIVE_INFINITY;
        return sizes
          .filter((size) => size >= low && size <= high)
          .reverse()
          .map((size) => {
            const isFree = next - scale.at(size) >= 1;
            if (isFree) next = scale.at(size);
            return { at: size, text: isFree ? [Format.significant(size, 6)] : [] };
          });
      },
    };
  }

  /** An axis for a quantity, with the units that fit its values. Without a `title` it bears the
      unit if its ticks do not. Between whole numbers there are no ticks.
      @param {Quantity} series
      @param {{isLog?: boolean, fromZero?: boolean, title?: string}} [options] @returns {PlotAxis} */
  function values(series, { isLog = false, fromZero = false, title } = {}) {
    if (series.codes?.length) return codes(series.codes);
    const unitSteps = Format.stepsOf(series.unit);
    return {
      title: title ?? (unitSteps ? "" : series.unit),
      isLog,
      fromZero,
      whole: null,
      room: 44,
      ticks(range, most, isWhole) {
        const ticks = isLog ? Ticks.log(range, most) : Ticks.linear(range, most, isWhole);
        const largest = Math.max(...ticks.map(Math.abs));
        const steps = unitSteps || (largest >= 1e5 ? LARGE : PLAIN);
        return ticks.map((at) => ({ at, text: [inSteps(at, steps, Boolean(unitSteps))] }));
      },
    };
  }

  /** @param {number} value @param {[name: string, factor: number][]} steps
      @param {boolean} isSpaced */
  function inSteps(value, steps, isSpaced) {
    if (value === 0) return "0";
    const [name, factor] =
      steps.find((step) => Math.abs(value) >= step[1] * 0.9999) || steps[steps.length - 1];
    return `${Format.significant(value / factor, 6)}${name && isSpaced ? " " : ""}${name}`;
  }

  /** The words of all codes, each at its number.
      @param {string[]} codes @returns {PlotAxis} */
  const codes = (codes) => ({
    whole: null,
    atLeast: [-0.5, codes.length - 0.5],
    room: 18,
    ticks: ([low, high]) =>
      codes.map((word, at) => ({ at, text: [word] })).filter(({ at }) => at >= low && at <= high),
  });

  /** An axis of fractions, from 0 to a little beyond 1.
      @param {string} title @returns {PlotAxis} */
  const fractions = (title) => ({
    title,
    whole: [0, 1.05],
    room: 44,
    ticks: (range, most) =>
      Ticks.linear(range, most).map((at) => ({
        at,
        text: [`${Format.significant(at * 100, 6)} %`],
      })),
  });

  /** An axis of ratios: "1.5×".
      @param {string} title @returns {PlotAxis} */
  const ratios = (title) => ({
    title,
    whole: null,
    room: 44,
    ticks: (range, most) =>
      Ticks.linear(range, most).map((at) => ({ at, text: [`${Format.significant(at, 6)}×`] })),
  });

  return { commits, dates, seconds, sizes, values, fractions, ratios };
})();
