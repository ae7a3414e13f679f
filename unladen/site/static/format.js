/* Numbers and words for people, as unladen/text/units.py writes them. */
"use strict";

const Format = (() => {
  /** @typedef {[name: string, factor: number]} Step */

  const SECONDS = new Set(["s", "sec", "second", "seconds"]);
  const BYTES = new Set(["b", "byte", "bytes"]);
  /** @type {Step[]} */
  const SECOND_STEPS = [
    ["s", 1],
    ["ms", 1e-3],
    ["µs", 1e-6],
    ["ns", 1e-9],
  ];
  /** @type {Step[]} */
  const BYTE_STEPS = [
    ["GB", 1e9],
    ["MB", 1e6],
    ["kB", 1e3],
    ["B", 1],
  ];
  const EXACT_DIGITS = 6;
  const EXACT_FEW = 4;
  const SAMPLED_DIGITS = 3;
  const MINUS = "−";

  /** Rounded to significant digits, thousands separated.
      @param {number} value @param {number} digits */
  function significant(value, digits) {
    const short = Number(value.toPrecision(digits));
    if (short !== 0 && (Math.abs(short) < 1e-4 || Math.abs(short) >= 1e15)) {
      return short.toExponential().replace("-", MINUS);
    }
    return grouped(short);
  }

  /** All digits of a number from 1e-6 to below 1e21, thousands separated. What the browser knows of
      languages is not asked: looking that up takes longer than all else on the page.
      @param {number} value */
  function grouped(value) {
    const [whole, ...fraction] = String(value).split(".");
    const thousands = whole.replace(/\B(?=(\d{3})+$)/g, ",").replace("-", MINUS);
    return [thousands, ...fraction].join(".");
  }

  /** The engineering units of a unit, the largest first; null if it has none.
      @param {string} unit @returns {Step[] | null} */
  function stepsOf(unit) {
    const name = unit.toLowerCase();
    if (SECONDS.has(name)) return SECOND_STEPS;
    return BYTES.has(name) ? BYTE_STEPS : null;
  }

  /** @param {number} value @param {number} digits @param {Step[]} steps */
  function scaled(value, digits, steps) {
    const size = Math.abs(Number(value.toPrecision(digits)));
    const [name, factor] = steps.find((step) => size >= step[1]) || steps[steps.length - 1];
    return `${significant(value / factor, digits)} ${name}`;
  }

  /** Whether the values of a series are codes, which have words.
      @param {Quantity} series */
  const isCoded = (series) => Boolean(series.codes?.length);

  /** Whether it is a growth exponent, or how well one fits: their ratio says nothing.
      @param {Quantity} series */
  const isOfExponents = ({ unit }) => unit === "exponent" || unit === "relative error";

  /** A value with the digits that it deserves, and an engineering unit of seconds and bytes; a code
      in words.
      @param {number} value @param {Quantity} series @param {boolean} [fewDigits] */
  function quantity(value, series, fewDigits) {
    const word = series.codes?.[value];
    if (word !== undefined) return word;
    const exactDigits = fewDigits ? EXACT_FEW : EXACT_DIGITS;
    const digits = series.kind === "exact" ? exactDigits : SAMPLED_DIGITS;
    const steps = stepsOf(series.unit);
    if (steps === SECOND_STEPS && value === 0) return "0 s";
    if (steps) return scaled(value, digits, steps);
    if (fewDigits && Math.abs(value) >= 1e5) {
      const [letter, factor] = Math.abs(value) >= 1e6 ? ["M", 1e6] : ["k", 1e3];
      return `${significant(value / Number(factor), digits)} ${letter}`;
    }
    if (Number.isInteger(value) && Math.abs(value) < 1e15) return grouped(value);
    return significant(value, digits);
  }

  /** Whether `quantity` writes the unit with the number, or needs none.
      @param {Quantity} series */
  const hasOwnUnit = (series) => stepsOf(series.unit) !== null || isCoded(series);

  /** "+3", "−3". `text`: how the size is written.
      @param {number} value @param {(size: number) => string} text */
  const signed = (value, text) => (value < 0 ? MINUS : "+") + text(Math.abs(value));

  /** "2026-03-14", UTC, of seconds since 1970.
      @param {number} seconds */
  const day = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 10);

  /** @param {number} seconds */
  const minute = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ");

  /** @param {number} number @param {string} one @param {string} [many] */
  const plural = (number, one, many = `${one}s`) =>
    `${grouped(number)} ${number === 1 ? one : many}`;

  /** An argument for a shell.
      @param {string} text */
  const shell = (text) =>
    /^[\w@%+=:,./^~-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

  /** A text inside a regular expression that matches it literally.
      @param {string} text */
  const literal = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

  return {
    significant,
    stepsOf,
    isCoded,
    isOfExponents,
    quantity,
    hasOwnUnit,
    signed,
    day,
    minute,
    plural,
    shell,
    literal,
  };
})();
