/* Numbers and words for people, as unladen/text/units.py and unladen/changes/text.py write them. */
"use strict";

((U) => {
  const SECONDS = new Set(["s", "sec", "second", "seconds"]);
  const BYTES = new Set(["b", "byte", "bytes"]);
  const SMALL = [
    ["s", 1],
    ["ms", 1e-3],
    ["µs", 1e-6],
    ["ns", 1e-9],
  ];
  const LARGE = [
    ["GB", 1e9],
    ["MB", 1e6],
    ["kB", 1e3],
  ];
  const EXACT_DIGITS = 6;
  const EXACT_FEW = 4;
  const SAMPLED_DIGITS = 3;
  const MINUS = "−";

  /** Rounded to significant digits, thousands separated. */
  function significant(value, digits) {
    const short = Number(value.toPrecision(digits));
    if (short !== 0 && (Math.abs(short) < 1e-4 || Math.abs(short) >= 1e15)) {
      return short.toExponential().replace("-", MINUS);
    }
    return grouped(short);
  }

  /** All digits of a number from 1e-6 to below 1e21, thousands separated. What the browser knows of
      languages is not asked: looking that up takes longer than all else on the page. */
  function grouped(value) {
    const [whole, ...fraction] = String(value).split(".");
    const thousands = whole.replace(/\B(?=(\d{3})+$)/g, ",").replace("-", MINUS);
    return [thousands, ...fraction].join(".");
  }

  function scaled(value, digits, units, smallest) {
    const size = Math.abs(Number(value.toPrecision(digits)));
    const [name, factor] = units.find((unit) => size >= unit[1]) || smallest;
    return `${significant(value / factor, digits)} ${name}`;
  }

  /** Whether the values of a series are codes, which have words. */
  U.isCoded = (series) => Boolean(series.codes?.length);

  /** A value with the digits that it deserves, and an engineering unit of seconds and bytes; a code
      in words. */
  U.quantity = (value, series, fewDigits) => {
    if (U.isCoded(series) && series.codes[value] !== undefined) return series.codes[value];
    const isExact = series.kind === "exact";
    const digits = !isExact ? SAMPLED_DIGITS : fewDigits ? EXACT_FEW : EXACT_DIGITS;
    const unit = series.unit.toLowerCase();
    if (SECONDS.has(unit)) {
      return value === 0 ? "0 s" : scaled(value, digits, SMALL, SMALL[SMALL.length - 1]);
    }
    if (BYTES.has(unit)) return scaled(value, digits, LARGE, ["B", 1]);
    if (fewDigits && Math.abs(value) >= 1e5) {
      const [letter, factor] = Math.abs(value) >= 1e6 ? ["M", 1e6] : ["k", 1e3];
      return `${significant(value / factor, digits)} ${letter}`;
    }
    if (Number.isInteger(value) && Math.abs(value) < 1e15) return grouped(value);
    return significant(value, digits);
  };

  /** Whether `quantity` writes the unit with the number, or needs none. */
  U.hasOwnUnit = (series) => {
    const unit = series.unit.toLowerCase();
    return SECONDS.has(unit) || BYTES.has(unit) || U.isCoded(series);
  };

  U.number = (value, digits) => significant(value, digits);

  /** Of a stored value: a number, "n" for n/a, "f3" for a failure, "w3:8" for the 8 of a wrong
      outcome, null for not measured. What counts right outcomes only takes numbers. */
  U.isFailure = (value) => typeof value === "string" && value[0] === "f";

  U.isWrong = (value) => typeof value === "string" && value[0] === "w";

  /** The number of a right or of a wrong outcome; null where there is none. */
  U.figureOf = (value) => {
    if (U.isWrong(value)) return Number(value.slice(value.indexOf(":") + 1));
    return typeof value === "number" ? value : null;
  };

  U.readingText = (value, series, fewDigits) => {
    if (typeof value === "number") return U.quantity(value, series, fewDigits);
    if (U.isWrong(value)) return `${U.quantity(U.figureOf(value), series, fewDigits)} (wrong)`;
    if (value === null) return "not measured";
    return U.isFailure(value) ? "failed" : "n/a";
  };

  /** "before → after": with few digits where these tell them apart, whole numbers below a
      million with all. */
  U.pairText = (before, after, series) => {
    const ratio = U.ratio(before, after);
    const isSmall = ratio === null || Math.abs(ratio - 1) < 0.02;
    const text = (value) => {
      const figure = U.figureOf(value);
      const isCount = Number.isInteger(figure) && Math.abs(figure) < 1e6 && !U.hasOwnUnit(series);
      return U.readingText(value, series, !isSmall && !isCount);
    };
    return `${text(before)} → ${text(after)}`;
  };

  /** Why a stored value is a failure, or what is wrong with it; "" if that is not known. */
  U.reasonOf = (value, reasons) =>
    U.isFailure(value) || U.isWrong(value) ? reasons[parseInt(value.slice(1), 10)] || "" : "";

  /** after / before, or null where that says nothing. */
  U.ratio = (before, after) => {
    const [one, other] = [U.figureOf(before), U.figureOf(after)];
    if (one === null || other === null || one === 0 || one * other < 0) return null;
    return other / one;
  };

  /** How much a change is: "+12 %", "×3.4"; of a growth exponent the difference; "" if unknown or
      nothing, and of codes. */
  U.sizeText = (before, after, series) => {
    const [one, other] = [U.figureOf(before), U.figureOf(after)];
    if (one === null || other === null || one === other || U.isCoded(series)) return "";
    if (series.group === "growth") {
      return signed(other - one, (size) => (size < 0.01 ? significant(size, 1) : size.toFixed(2)));
    }
    const ratio = U.ratio(before, after);
    if (ratio === null) return "";
    if (ratio >= 2) return `×${significant(ratio, 3)}`;
    const percent = (ratio - 1) * 100;
    const digits = (size) => (size >= 9.95 ? size.toFixed(0) : significant(size, 2));
    return `${signed(percent, digits)} %`;
  };

  function signed(value, text) {
    return (value < 0 ? MINUS : "+") + text(Math.abs(value));
  }

  /** "2026-03-14", UTC, of seconds since 1970. */
  U.day = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 10);

  U.minute = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ");

  U.plural = (number, one, many) => `${grouped(number)} ${number === 1 ? one : many || `${one}s`}`;

  /** An argument for a shell. */
  U.shell = (text) =>
    /^[\w@%+=:,./^~-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

  /** A text inside a regular expression that matches it literally. */
  U.literal = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
})(window.Unladen);
