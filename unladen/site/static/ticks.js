/* Where the ticks of an axis are: round numbers, and days, months or years. */
"use strict";

const Ticks = (() => {
  const DAY = 86_400;
  /** Steps between ticks of time: seconds below a month, from there on months. */
  const SECONDS = [
    60,
    300,
    900,
    3_600,
    3 * 3_600,
    6 * 3_600,
    12 * 3_600,
    DAY,
    2 * DAY,
    7 * DAY,
    14 * DAY,
  ];
  const MONTHS = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1_200];
  const MONTH = 30.44 * DAY;
  /** Labels of months are short: a few more than asked for have room too. */
  const NEARLY = 0.75;

  /** The round number that is not below another one: 1, 2 or 5 times a power of ten.
      @param {number} rough */
  function rounded(rough) {
    const power = 10 ** Math.floor(Math.log10(rough));
    return power * ([1, 2, 5].find((digit) => digit * power >= rough * 0.999) ?? 10);
  }

  /** Round numbers within a range, at most so many; whole ones only, if so.
      @param {Span} range @param {number} most @param {boolean} [isWhole] */
  function linear([low, high], most, isWhole = false) {
    const round = rounded((high - low) / Math.max(most, 1) || 1);
    const step = isWhole ? Math.max(round, 1) : round;
    const ticks = [];
    for (let n = Math.ceil(low / step - 1e-9); n * step <= high + step * 1e-9; n++) {
      ticks.push(Number((n * step).toPrecision(12)));
    }
    return ticks;
  }

  /** 1, 2, 5 of each power of ten within a range, or some of the powers; round numbers where
      these are too few.
      @param {Span} range @param {number} most */
  function log([low, high], most) {
    const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
    const decades = Math.log10(high / low);
    const digits = [[1, 2, 5], [1, 3], [1]].find((set) => set.length * decades <= most + 1) || [1];
    const every = Math.max(1, Math.ceil(decades / most));
    const ticks = [];
    for (let decade = Math.floor(first / every) * every; decade <= last; decade += every) {
      for (const digit of digits) ticks.push(Number(`${digit}e${decade}`));
    }
    const within = ticks.filter((tick) => tick >= low && tick <= high);
    return within.length >= 2 ? within : linear([low, high], most);
  }

  /** Beginnings of minutes, hours, days, months or years within a range of seconds since 1970.
      @param {Span} range @param {number} most */
  function times([low, high], most) {
    const rough = ((high - low) / Math.max(most, 1)) * NEARLY;
    const step = SECONDS.find((one) => one >= rough);
    if (step !== undefined) {
      const first = Math.ceil(low / step);
      const number = Math.floor(high / step) - first + 1;
      return Array.from({ length: Math.max(number, 0) }, (_, n) => (first + n) * step);
    }
    const months = MONTHS.find((one) => one * MONTH >= rough) ?? 2_400;
    const ticks = [];
    const begin = new Date(low * 1000);
    const first = begin.getUTCFullYear() * 12 + begin.getUTCMonth();
    for (let month = Math.floor(first / months) * months; ; month += months) {
      const at = Date.UTC(Math.floor(month / 12), month % 12) / 1000;
      if (at > high) return ticks;
      if (at >= low) ticks.push(at);
    }
  }

  return { linear, log, times };
})();
