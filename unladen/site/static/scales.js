/* Scales: from values to pixels and back; and the ranges that values need. */
"use strict";

const Scales = (() => {
  /** Part of a range that stays free at each end. */
  const FREE = 0.06;

  /** The scale from a range of values to one of pixels.
      @param {Span} values @param {Span} pixels @param {boolean} [isLog] @returns {Scale} */
  function of([low, high], [from, to], isLog = false) {
    /** @param {number} value */
    const bent = (value) => (isLog ? Math.log10(value) : value);
    const first = bent(low);
    const factor = (to - from) / (bent(high) - first || 1);
    return {
      at: (value) => from + (bent(value) - first) * factor,
      value(pixel) {
        const value = first + (pixel - from) / factor;
        return isLog ? 10 ** value : value;
      },
    };
  }

  /** The smallest and the largest of some numbers; null if there is none. On a logarithmic scale
      only positive ones count.
      @param {Iterable<number | null>} numbers @param {boolean} [isLog] @returns {Span | null} */
  function extent(numbers, isLog = false) {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const number of numbers) {
      if (number === null || (isLog && number <= 0)) continue;
      if (number < low) low = number;
      if (number > high) high = number;
    }
    return low <= high ? [low, high] : null;
  }

  /** A range with some room beyond both ends.
      @param {Span} range @param {boolean} [isLog] @returns {Span} */
  function padded([low, high], isLog = false) {
    if (isLog) {
      const room = low === high ? 1.5 : (high / low) ** FREE;
      return [low / room, high * room];
    }
    const room = low === high ? Math.abs(low) * 0.2 || 1 : (high - low) * FREE;
    return [low - room, high + room];
  }

  /** From 0 to beyond the end, or as `padded` where values lie on both sides of 0.
      @param {Span} range @returns {Span} */
  function fromZero([low, high]) {
    return low < 0 ? padded([low, Math.max(high, 0)]) : [0, high * (1 + FREE) || 1];
  }

  return { of, extent, padded, fromZero };
})();
