/* Further lines in the plot of a series: those that the address adds, and the choice of one more. */
"use strict";

const SeriesAdded = (() => {
  const BETWEEN = "~";
  const WITHIN = "!";

  /** encodeURIComponent, and of what stands between parts.
      @param {string} text */
  const encode = (text) =>
    encodeURIComponent(text).replace(/[~!]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`);

  /** @param {string} text */
  function decode(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  }

  /** What an address adds: SERIES, SERIES!CELL or SERIES!CELL!TARGET, several with ~ between.
      @param {AddressState} state @returns {Added[]} */
  const of = ({ add = "" }) =>
    add
      .split(BETWEEN)
      .filter(Boolean)
      .map((one) => one.split(WITHIN).map(decode))
      .map(([series, cell = "", target = ""]) => ({ series, cell, target }));

  /** @param {Added[]} added */
  const text = (added) =>
    added
      .map(({ series, cell, target }) =>
        [series, cell, target].map(encode).join(WITHIN).replace(/!+$/, ""),
      )
      .join(BETWEEN);

  /** The series of an origin that is called so.
      @param {Origin} origin @param {string} name */
  const find = ({ series }, name) =>
    series.find((one) => one.name === name) ?? series.find((one) => one.spellings.includes(name));

  /** The number of the cell that is called so; the first if none is asked for, -1 if there is none.
      @param {Series} series @param {string} cell */
  const cellOf = (series, cell) =>
    cell ? series.cells.findIndex((points) => points.join(", ") === cell) : 0;

  /** Promises the line that is added. Rejects if there is none.
      @param {Added} added @param {boolean} isDates @returns {Promise<ShownCell>} */
  async function shownOf({ series: name, cell: called, target }, isDates) {
    const origin = await Origins.of(target);
    const series = find(origin, name);
    const cell = series ? cellOf(series, called) : -1;
    if (!series || cell < 0) {
      throw new Error(
        `${target || "This target"} has no ${[name, called].filter(Boolean).join(", ")}`,
      );
    }
    const known = await origin.valuesOf(series);
    const words = [target && `${target}:`, series.shown, AllSeries.cellText(series, cell)];
    return {
      ...{ series, cell, known, commits: origin.commits },
      x: SeriesPlot.xOf(origin.commits, isDates),
      target: target || Unladen.data("site").target,
      name: words.filter(Boolean).join(" "),
    };
  }

  /** Promises the lines that are added, and a sentence for each that there is not.
      @param {Added[]} wanted @param {boolean} isDates */
  async function all(wanted, isDates) {
    const found = await Promise.allSettled(wanted.map((one) => shownOf(one, isDates)));
    return {
      added: found.flatMap((one) => (one.status === "fulfilled" ? [one.value] : [])),
      problems: found.flatMap((one) =>
        one.status === "rejected" ? [`${one.reason?.message ?? one.reason}.`] : [],
      ),
    };
  }

  return { of, text, all, find };
})();
