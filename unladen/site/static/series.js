/* The series, as objects, and what they are called. */
"use strict";

const AllSeries = (() => {
  /** A series, from its entry and its number.
      @param {SeriesEntry} entry @param {number} number @returns {Series} */
  const made = (entry, number) => ({
    ...entry,
    number,
    cells: combinations(entry.axes.map(([, points]) => points)),
    writtenCells: combinations(entry.written),
    isExact: entry.kind === "exact",
  });

  const all = Unladen.data("site").series.map(made);

  /** @param {string[][]} axes @returns {string[][]} */
  function combinations(axes) {
    return axes.reduce(
      (found, points) => found.flatMap((cell) => points.map((point) => [...cell, point])),
      /** @type {string[][]} */ ([[]]),
    );
  }

  /** All words by which a series is found, in small letters.
      @type {Map<Series, string[]>} */
  const words = new Map();

  /** @param {Series} series */
  function wordsOf(series) {
    const known = words.get(series);
    if (known) return known;
    const { spellings, former, group } = series;
    const found = [...spellings, ...former, group, quantityName(series)];
    const small = found.map((one) => one.toLowerCase());
    words.set(series, small);
    return small;
  }

  /** Whether a series is called so, in part: by its own name or the shown one, whole or cut, by what
      it was called, or by its area; of several words by all.
      @param {Series} series @param {string} text */
  function isCalled(series, text) {
    const names = wordsOf(series);
    /** @param {string} part */
    const has = (part) => names.some((one) => one.includes(part));
    const whole = text
      .trim()
      .toLowerCase()
      .replace(/(\.\.\.|…)$/, "");
    return has(whole) || whole.split(/\s+/).every(has);
  }

  /** The series that is called exactly so; of several, that whose own or shown name it is.
      @param {string} name */
  const find = (name) => findWhole(name) || all.find((one) => one.spellings.includes(name));

  /** The series whose own or shown name it is.
      @param {string} name */
  const findWhole = (name) => all.find((one) => one.name === name || one.shown === name);

  /** The series that is called so no more, but was before it was renamed.
      @param {string} name */
  const findFormer = (name) =>
    findWhole(name) ? undefined : all.find((one) => one.former.includes(name));

  /** A parameter combination for people; "" without parameters.
      @param {Series} series @param {number} cell */
  const cellText = (series, cell) => series.cells[cell].join(", ");

  /** The same with the names of parameters, where it is not plain what a value is of: of several, and
      of numbers.
      @param {Series} series @param {number} cell */
  function cellLabel({ axes, cells }, cell) {
    const isPlain = axes.length === 1 && Number.isNaN(Number(cells[cell][0]));
    return cells[cell].map((point, n) => (isPlain ? point : `${axes[n][0]} ${point}`)).join(", ");
  }

  /** The address of its page.
      @param {Series} series @param {number} [cell] */
  function address(series, cell) {
    const text = cell === undefined ? "" : cellText(series, cell);
    return `series.html${Address.hashOf({ subject: series.name, cell: text })}`;
  }

  /** @type {Record<string, string>} */
  const ABBREVIATIONS = { cpu: "CPU", sdk: "SDK", rss: "RSS" };

  /** What a series measures, in words: "Peak in flight".
      @param {Series} series */
  function quantityName(series) {
    const name = series.name.split(".").pop() || "";
    const words = name.replace(/^(track|time|sample|peakrss)_/, "").split("_");
    const spelled = words.map((word) => ABBREVIATIONS[word] || word).join(" ");
    return spelled ? spelled[0].toUpperCase() + spelled.slice(1) : series.shown;
  }

  return {
    all,
    made,
    combinations,
    isCalled,
    find,
    findFormer,
    cellText,
    cellLabel,
    address,
    quantityName,
  };
})();
