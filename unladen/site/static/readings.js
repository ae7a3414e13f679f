/* Stored values: numbers, and what there is in their place. What counts right outcomes only takes
numbers. */
"use strict";

const Readings = (() => {
  /** @param {Encoded | undefined} value @returns {value is string} */
  const isFailure = (value) => typeof value === "string" && value[0] === "f";

  /** @param {Encoded | undefined} value @returns {value is string} */
  const isWrong = (value) => typeof value === "string" && value[0] === "w";

  /** @param {Encoded | undefined} value @returns {value is number} */
  const isNumber = (value) => typeof value === "number";

  /** The number of a right or of a wrong outcome; null where there is none.
      @param {Encoded} value @returns {number | null} */
  function figureOf(value) {
    if (isWrong(value)) return Number(value.slice(value.indexOf(":") + 1));
    return isNumber(value) ? value : null;
  }

  /** The numbers of right and wrong outcomes among values.
      @param {Encoded[]} values */
  const figures = (values) => values.map(figureOf).filter(isNumber);

  /** The value for people, with its unit if that is one of seconds or bytes.
      @param {Encoded} value @param {Quantity} series @param {boolean} [fewDigits] */
  function text(value, series, fewDigits) {
    if (isNumber(value)) return Format.quantity(value, series, fewDigits);
    const figure = figureOf(value);
    if (figure !== null) return `${Format.quantity(figure, series, fewDigits)} (wrong)`;
    if (value === null) return "not measured";
    return isFailure(value) ? "failed" : "n/a";
  }

  /** Why a stored value is a failure, or what is wrong with it; "" if that is not known.
      @param {Encoded} value @param {string[]} reasons */
  const reasonOf = (value, reasons) =>
    isFailure(value) || isWrong(value) ? reasons[Number.parseInt(value.slice(1), 10)] || "" : "";

  /** Two values for people: with few digits where these tell them apart, whole numbers below a
      million with all.
      @param {Encoded} before @param {Encoded} after @param {Quantity} series */
  function pairTexts(before, after, series) {
    const times = ratio(before, after);
    const isSmall = times === null || Math.abs(times - 1) < 0.02;
    /** @param {Encoded} value */
    const one = (value) => {
      const figure = figureOf(value);
      const isCount = Number.isInteger(figure) && Math.abs(figure ?? 0) < 1e6;
      return text(value, series, !isSmall && !(isCount && !Format.hasOwnUnit(series)));
    };
    return [one(before), one(after)];
  }

  /** "before → after", as `pairTexts` has them.
      @param {Encoded} before @param {Encoded} after @param {Quantity} series */
  const pairText = (before, after, series) => pairTexts(before, after, series).join(" → ");

  /** after / before, or null where that says nothing.
      @param {Encoded} before @param {Encoded} after */
  function ratio(before, after) {
    const [one, other] = [figureOf(before), figureOf(after)];
    if (one === null || other === null || one === 0 || one * other < 0) return null;
    return other / one;
  }

  /** How much a change is: "+12 %", "×3.4"; of a growth exponent the difference; "" if unknown or
      nothing, and of codes.
      @param {Encoded} before @param {Encoded} after @param {Quantity} series */
  function sizeText(before, after, series) {
    const [one, other] = [figureOf(before), figureOf(after)];
    if (one === null || other === null || one === other || Format.isCoded(series)) return "";
    if (Format.isOfExponents(series)) {
      return Format.signed(other - one, (size) =>
        size < 0.01 ? Format.significant(size, 1) : size.toFixed(2),
      );
    }
    const times = ratio(before, after);
    if (times === null || one < 0) return ""; // no share of a negative amount means anything
    if (times >= 2) return `×${Format.significant(times, 3)}`;
    const percent = Format.signed((times - 1) * 100, (size) =>
      size >= 9.95 ? size.toFixed(0) : Format.significant(size, 2),
    );
    return `${percent} %`;
  }

  return {
    isFailure,
    isWrong,
    isNumber,
    figureOf,
    figures,
    text,
    reasonOf,
    pairTexts,
    pairText,
    ratio,
    sizeText,
  };
})();
