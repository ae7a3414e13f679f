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

  /** What a line is called beside those of the main series.
      @param {Series} main @param {Series} series @param {number} cell @param {string} target */
  function nameOf(main, series, cell, target) {
    const isSame = series.name === main.name;
    const words = [isSame ? "" : series.shown, AllSeries.cellLabel(series, cell)];
    const name = words.filter(Boolean).join(" ") || series.shown;
    return target ? `${target}: ${name}` : name;
  }

  /** The origin, the series and the cell that are meant, what is known of the series, and whether the
      cell is the same at all commits of another target. Rejects if there are none.
      @param {Added} added */
  async function meant({ series: name, cell: called, target }) {
    const origin = await Origins.of(target);
    const series = find(origin, name);
    const cell = series ? cellOf(series, called) : -1;
    if (series && cell >= 0) {
      const known = await origin.valuesOf(series);
      const isSame = isConstant(origin, known.cells[cell].values);
      return { origin, series, cell, target, known, isSame };
    }
    const what = [name, called].filter(Boolean).join(", ");
    throw new Error(`${target || "This target"} has no ${what}.`);
  }

  /** Whether a line of another target is the same at all its commits, as the floor's are: then its
      value is one for all commits.
      @param {Origin} origin @param {Encoded[]} values */
  const isConstant = ({ isOtherTarget }, values) =>
    isOtherTarget && new Set(values.filter((value) => value !== null)).size === 1;

  /** The line of the only value of a target, over all commits of this one.
      @param {ShownCell} shown @param {boolean} isDates @returns {ShownCell} */
  function constant(shown, isDates) {
    const { known, cell, commits } = shown;
    const x = SeriesPlot.xOf(Commits, isDates);
    const { values } = known.cells[cell];
    const position = Math.max(...values.map((value, n) => (value === null ? 0 : n)));
    const cells = [...known.cells];
    cells[cell] = { values: x.map(() => values[position]), low: null, high: null };
    const last = commits.measured[position];
    return {
      ...shown,
      x,
      known: { ...known, cells, changes: [] },
      commits: { ...commits, at: () => last },
      isConstant: true,
    };
  }

  /** The line of another machine, environment or branch at the positions of this one's commits: as far
      as these are measured here too.
      @param {ShownCell} shown @returns {ShownCell} */
  function aligned(shown) {
    const { commits, known, cell } = shown;
    const positions = new Map(Commits.measured.map(({ hash }, position) => [hash, position]));
    const kept = commits.measured.flatMap(({ hash }, n) => (positions.has(hash) ? [n] : []));
    /** @template Item @param {Item[]} items */
    const part = (items) => kept.map((n) => items[n]);
    const { values, low, high } = known.cells[cell];
    const cells = [...known.cells];
    cells[cell] = { values: part(values), low: low && part(low), high: high && part(high) };
    const measured = part(commits.measured);
    const numbers = new Map(measured.map(({ number }, position) => [number, position]));
    return {
      ...shown,
      x: measured.map(({ hash }) => positions.get(hash) ?? 0),
      known: {
        ...known,
        cells,
        changes: known.changes.filter(({ commit }) => numbers.has(commit.number)),
      },
      commits: {
        ...commits,
        measured,
        at: (position) => measured[position],
        position: ({ number }) => numbers.get(number) ?? -1,
      },
    };
  }

  /** Promises the lines that are added, whether all are over dates, as commits of other targets have
      to be, and a sentence for each line that there is not.
      @param {Series} main @param {Added[]} wanted @param {boolean} wantsDates */
  async function all(main, wanted, wantsDates) {
    const found = await Promise.allSettled(wanted.map(meant));
    const lines = found.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    const hasOthers = lines.some(({ origin, isSame }) => origin.isOtherTarget && !isSame);
    const isDates = wantsDates || hasOthers;
    /** @param {(typeof lines)[number]} line @returns {ShownCell} */
    const shownOf = ({ origin, series, cell, target, known, isSame }) => {
      /** @type {ShownCell} */
      const shown = {
        ...{ series, cell, known, commits: origin.commits },
        x: SeriesPlot.xOf(origin.commits, isDates),
        target: target || Unladen.data("site").target,
        name: nameOf(main, series, cell, target),
      };
      if (isSame) return constant(shown, isDates);
      return origin.commits === Commits || isDates ? shown : aligned(shown);
    };
    const problems = found.flatMap((one) =>
      one.status === "rejected" ? [`${one.reason?.message ?? one.reason}`] : [],
    );
    const note = "Commits of another target are at their dates, and so are all.";
    return {
      added: lines.map(shownOf),
      isDates,
      notes: hasOthers && !wantsDates ? [note, ...problems] : problems,
    };
  }

  return { of, text, all, find };
})();
