/* The commits, the series and their values, as objects. */
"use strict";

((U) => {
  const site = U.data("site");
  const commits = U.data("commits");
  if (!site || !commits) return;

  const unmeasured = new Set(commits.unmeasured);

  U.site = site;
  U.settled = new Set(site.settled);
  U.dismissed = new Set(site.dismissed);

  /** All commits, oldest first. */
  U.commits = commits.hash.map((hash, number) => ({
    number,
    hash,
    short: hash.slice(0, 8),
    date: commits.date[number],
    author: commits.authors[commits.author[number]],
    subject: commits.subject[number] || "(no subject)",
    isMeasured: !unmeasured.has(number),
    missing: commits.missing[number] ? commits.missing[number][0] : 0,
    gaps: commits.missing[number] ? commits.gaps[commits.missing[number][1]] : [],
    failing: commits.failing[number] || 0,
    wrong: commits.wrong[number] || 0,
    summary: commits.summaries[number] || null,
  }));

  /** The sorts of change that there are. `counts`: whether it is a fact, and not minor. */
  const sorts = commits.sorts.map(([kind, verdict, state, minor, there]) => ({
    kind: site.kinds[kind],
    verdict: site.verdicts[verdict],
    state: site.states[state],
    isMinor: Boolean(minor),
    isThere: Boolean(there),
    counts: !minor && U.settled.has(site.states[state]),
  }));

  /** What a commit changed: a sort of change, and the numbers of the series that changed so. */
  U.found = (commit) =>
    commit.summary
      ? commit.summary.found.map(([sort, ...series]) => ({ ...sorts[sort], series }))
      : [];

  /** The numbers of the measured ones: what positions stand for. */
  U.measured = U.commits.filter((commit) => commit.isMeasured).map((commit) => commit.number);

  U.series = site.series.map((series, number) => {
    const parts = series.name.split(".");
    return {
      ...series,
      number,
      module: parts.slice(0, -1).join("."),
      cells: combinations(series.axes.map(([, points]) => points)),
      written: combinations(series.written),
      isExact: series.kind === "exact",
    };
  });

  function combinations(axes) {
    return axes.reduce(
      (found, points) => found.flatMap((cell) => points.map((point) => [...cell, point])),
      [[]],
    );
  }

  /** Whether a series is called so, in part: by its own name or the shown one, whole or cut. */
  U.isCalled = (series, text) => {
    const part = text
      .trim()
      .toLowerCase()
      .replace(/(\.\.\.|…)$/, "");
    return series.spellings.some((one) => one.toLowerCase().includes(part));
  };

  /** The series that is called exactly so; of several, that whose own or shown name it is. */
  U.findSeries = (name) =>
    U.series.find((one) => one.name === name || one.shown === name) ||
    U.series.find((one) => one.spellings.includes(name));

  /** A parameter combination for people; "" without parameters. */
  U.cellText = (series, cell) => series.cells[cell].join(", ");

  U.seriesLink = (series, cell) => {
    const state = { subject: series.name };
    if (cell !== undefined && series.cells[cell].length) state.cell = U.cellText(series, cell);
    return `series.html${U.hashOf(state)}`;
  };

  U.commitLink = (commit) => `commit.html#${commit.hash}`;

  /** The commit whose hash begins so. */
  U.findCommit = (beginning) => {
    const wanted = beginning.toLowerCase();
    return wanted.length >= 4
      ? U.commits.find((commit) => commit.hash.startsWith(wanted))
      : undefined;
  };

  /** A change, from the list that stands for it in the data. */
  U.change = (row, reasons) => {
    const [
      series,
      cell,
      commit,
      kind,
      verdict,
      state,
      before,
      after,
      suspect,
      undone,
      drift,
      value,
      last,
      evidence,
    ] = row;
    return {
      series: U.series[series],
      cell,
      commit: U.commits[commit],
      kind: site.kinds[kind],
      verdict: site.verdicts[verdict],
      state: site.states[state],
      before,
      after,
      reason: U.reasonOf(after, reasons),
      reasonBefore: U.reasonOf(before, reasons),
      firstSuspect: U.commits[suspect],
      undoneBy: undone === null ? null : U.commits[undone],
      drift: drift === null ? null : U.drift(drift),
      valueBeforeFailure: value,
      lastSuspect: last === null ? U.commits[commit] : U.commits[last],
      evidence: evidence && {
        spread: evidence[0],
        before: evidence[1],
        after: evidence[2],
        follows: evidence[3],
      },
    };
  };

  U.drift = (number) => {
    const [series, cell, steps, verdict, before, after, undone] = commits.drifts[number];
    return {
      series: U.series[series],
      cell,
      commits: steps.map((step) => U.commits[step]),
      verdict: site.verdicts[verdict],
      before,
      after,
      undoneBy: undone === null ? null : U.commits[undone],
    };
  };

  const loaded = new Map();

  /** Promises the values of a series: `cells`, each with `values`, `low` and `high` by position,
      `changes`, oldest first, and `reasons`. */
  U.values = (series) => {
    if (!loaded.has(series.number)) {
      loaded.set(
        series.number,
        U.load(`series-${series.number}`).then((data) => ({
          cells: data.cells.map((cell) => (cell.runs ? fromRuns(cell.runs) : fromUnits(cell))),
          changes: data.changes.map((row) => U.change(row, data.reasons)),
          reasons: data.reasons,
        })),
      );
    }
    return loaded.get(series.number);
  };

  function fromRuns(runs) {
    const values = new Array(U.measured.length).fill(null);
    for (let run = 0; run < runs.length; run += 2) {
      const end = run + 2 < runs.length ? runs[run + 2] : values.length;
      values.fill(runs[run + 1], runs[run], end);
    }
    return { values, low: null, high: null };
  }

  function fromUnits(cell) {
    const values = new Array(U.measured.length).fill(null);
    const low = cell.low ? values.slice() : null;
    const high = cell.high ? values.slice() : null;
    cell.values.forEach((value, index) => {
      const at = cell.from + index;
      values[at] = inUnits(value, cell.unit);
      if (typeof value !== "number") return;
      if (low) low[at] = spread(values[at], cell.low[index], -1);
      if (high) high[at] = spread(values[at], cell.high[index], 1);
    });
    return { values, low, high };
  }

  /** A stored whole number in the series' unit; what is none as it is. */
  function inUnits(value, unit) {
    if (!U.isWrong(value)) return typeof value === "number" ? value * unit : value;
    return `${value.slice(0, value.indexOf(":"))}:${U.figureOf(value) * unit}`;
  }

  const SPREADS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";

  /** The quartile below (-1) or above (1) a value: see SPREADS in unladen/site/encode.py. */
  function spread(value, letter, side) {
    const step = SPREADS.indexOf(letter);
    if (step < 0) return null;
    return value + side * Math.abs(value) * (step === 0 ? 0 : 1e-4 * 1.2 ** (step - 1));
  }

  /** The position of a commit among the measured ones, -1 if it is none. */
  const positions = new Map(U.measured.map((number, position) => [number, position]));
  U.position = (commit) => positions.get(commit.number) ?? -1;

  U.commitAt = (position) => U.commits[U.measured[position]];
})(window.Unladen);
