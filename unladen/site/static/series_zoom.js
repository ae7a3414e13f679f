/* What a plot over commits is zoomed to, as an address has it: from a commit or a date to another. */
"use strict";

const SeriesZoom = (() => {
  const DATE = /^\d{4}-\d\d-\d\d(T\d\d:\d\d)?$/;
  const DAYS_FOR_DAYS = 30;
  const DAY = 86_400;

  /** The zoom of an address: names of commits or dates, and values.
      @param {AddressState} state @returns {Zoomed} */
  const of = ({ from, to, low, high }) => ({ from, to, low, high });

  /** @param {Zoomed} zoom @returns {Zoomed} */
  const acrossOnly = ({ from, to }) => ({ from, to });

  /** The seconds of a date; null if it is none.
      @param {string} text */
  const secondsOf = (text) =>
    DATE.test(text) ? Date.parse(`${text}${text[10] ? "" : "T00:00"}Z`) / 1000 : null;

  /** The place of a commit or a date on the axis; undefined if it is neither. `side`: how far beside
      the commit the plot ends.
      @param {string | undefined} text @param {boolean} isDates @param {number} side */
  function placeOf(text, isDates, side) {
    if (!text) return undefined;
    const seconds = secondsOf(text);
    if (seconds !== null && isDates) return seconds;
    const dates = SeriesPlot.datesOf(Commits);
    if (seconds !== null) return PlotPaths.indexAt(dates, seconds) - 0.5;
    const commit = Commits.find(text);
    const position = commit ? Commits.upTo(commit) : -1;
    if (position < 0) return undefined;
    return isDates ? dates[position] : position + side;
  }

  /** @param {string | undefined} text */
  const numberOf = (text) => (text && Number.isFinite(Number(text)) ? Number(text) : undefined);

  /** @param {number | undefined} low @param {number | undefined} high */
  const isRange = (low, high) => low === undefined || high === undefined || low < high;

  /** What a plot shows for a zoom; nothing of what makes no sense.
      @param {Zoomed} zoom @param {boolean} isDates @returns {PlotView} */
  function viewOf({ from, to, low, high }, isDates) {
    const across = { from: placeOf(from, isDates, -0.5), to: placeOf(to, isDates, 0.5) };
    const down = { low: numberOf(low), high: numberOf(high) };
    return {
      ...(isRange(across.from, across.to) ? defined(across) : {}),
      ...(isRange(down.low, down.high) ? defined(down) : {}),
    };
  }

  /** Without what is not said.
      @param {Record<string, number | undefined>} values */
  const defined = (values) =>
    Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

  /** @param {PlotView} view @param {boolean} isDates @returns {Zoomed} */
  function ofView({ from, to, low, high }, isDates) {
    const isLong = ((to ?? 0) - (from ?? 0)) / DAY > DAYS_FOR_DAYS;
    /** @param {number | undefined} value @param {number} side */
    const name = (value, side) => {
      if (value === undefined) return undefined;
      if (isDates) return new Date(value * 1000).toISOString().slice(0, isLong ? 10 : 16);
      return Commits.at(Math.round(value - side))?.short;
    };
    /** @param {number | undefined} value */
    const number = (value) => value?.toPrecision(6);
    return { from: name(from, -0.5), to: name(to, 0.5), low: number(low), high: number(high) };
  }

  return { of, acrossOnly, viewOf, ofView };
})();
