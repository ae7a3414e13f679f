/* The plot of cells of series over the commits, or over their dates. */
"use strict";

const SeriesPlot = (() => {
  const LOG_ABOVE = 30;

  /** How a plot is to be drawn: `scale`: "linear", "log", "relative", or "" for what fits; `isDates`:
      over dates; `first`: the position where it begins.
      @typedef {{scale?: string, isDates?: boolean, first?: number, view?: PlotView,
                 onView?: (view: PlotView) => void, hasTools?: boolean}} Options */

  /** The dates of commits, none before that of the commit before it.
      @param {CommitLine} commits */
  function datesOf({ measured }) {
    let latest = Number.NEGATIVE_INFINITY;
    return measured.map(({ date }) => {
      latest = Math.max(latest, date);
      return latest;
    });
  }

  /** The x of the positions of commits.
      @param {CommitLine} commits @param {boolean} isDates */
  const xOf = (commits, isDates) =>
    isDates ? datesOf(commits) : commits.measured.map((_, position) => position);

  /** Cells of one of this target's series, as a plot has them.
      @param {Series} series @param {SeriesValues} known @param {number[]} cells
      @param {boolean} [isDates] @returns {ShownCell[]} */
  function cellsOf(series, known, cells, isDates = false) {
    const x = xOf(Commits, isDates);
    return cells.map((cell) => ({
      ...{ series, known, cell, x, commits: Commits, target: Unladen.data("site").target },
      name: AllSeries.cellLabel(series, cell) || series.shown,
    }));
  }

  /** The scale that is asked for, or what fits: units that differ are told as ratios.
      @param {ShownCell[]} shown @param {string} scale */
  function scaleOf(shown, scale) {
    if (shown.some(({ series }) => Format.isCoded(series))) return "linear";
    if (new Set(shown.map(({ series }) => series.unit)).size > 1) return "relative";
    if (scale) return scale;
    const found = Scales.extent(
      shown.flatMap(({ known, cell }) => Readings.figures(known.cells[cell].values)),
    );
    return found && found[0] > 0 && found[1] / found[0] > LOG_ABOVE ? "log" : "linear";
  }

  /** The first and the last of the numbers in a range of x; null if there is none.
      @param {number[]} x @param {Encoded[]} values @param {Span} range */
  function endsOf(x, values, [low, high]) {
    const found = values.filter(
      (value, n) => Readings.isNumber(value) && x[n] >= low && x[n] <= high,
    );
    return found.length ? [found[0], found[found.length - 1]] : null;
  }

  /** How the last value of a cell in a range of x differs from the first, in words. Of a sampled
      series its levels tell that; where it has no step, nothing does.
      @param {ShownCell} shown @param {Span} range */
  function summary(shown, range) {
    const { series, known, cell, x, isConstant } = shown;
    const { values } = known.cells[cell];
    if (isConstant) return Readings.text(values[0], series, true);
    if (!endsOf(x, values, range)) return "no value here";
    const levels = series.isExact ? null : SeriesLines.levelsOf(shown);
    if (!series.isExact && !levels) return "no step found";
    const ends = endsOf(x, levels ?? values, range);
    if (!ends) return "";
    const [first, last] = ends;
    if (first === last) return `first to last: the same, ${Readings.text(last, series, true)}`;
    const size = Readings.sizeText(first, last, series);
    const pair = Readings.pairText(first, last, series);
    return `first to last: ${size ? `${size}, ` : ""}${pair}`;
  }

  /** Rows for other programs: one a value.
      @param {ShownCell[]} shown @param {Span} range */
  function rowsOf(shown, [from, to]) {
    /** @type {(string | number | null)[][]} */
    const rows = [
      ["target", "series", "parameters", "unit", "commit", "date", "subject"].concat([
        "status",
        "value",
        "q_25",
        "q_75",
      ]),
    ];
    for (const { target, series, cell, known, commits, x, isConstant } of shown) {
      const { low, high, ...all } = known.cells[cell];
      const values = isConstant ? all.values.slice(0, 1) : all.values;
      const about = [target, series.name, AllSeries.cellText(series, cell), series.unit];
      values.forEach((value, n) => {
        if (value === null || (!isConstant && (x[n] < from || x[n] > to))) return;
        const { hash, date, subject } = commits.at(n);
        const time = new Date(date * 1000).toISOString();
        const quartiles = [low?.[n] ?? null, high?.[n] ?? null];
        const figures = [statusOf(value), Readings.figureOf(value), ...quartiles];
        rows.push([...about, hash, time, subject, ...figures]);
      });
    }
    return rows;
  }

  /** @param {Encoded} value */
  function statusOf(value) {
    if (Readings.isNumber(value)) return "measured";
    if (Readings.isWrong(value)) return "wrong outcome";
    return Readings.isFailure(value) ? "failed" : "n/a";
  }

  /** @param {ShownCell} shown @param {number} position @returns {About} */
  function aboutCommit({ commits, target }, position) {
    const commit = commits.at(position);
    const { short, date, subject } = commit;
    const of = commits === Commits ? "" : ` of ${target}`;
    return {
      title: `${short}${of} · ${Format.day(date)}`,
      detail: subject.length > 90 ? `${subject.slice(0, 87)}…` : subject,
      href: commits.address(commit),
      link: `Open commit ${short}`,
    };
  }

  /** The axis of what is shown, from a position on.
      @param {ShownCell[]} shown @param {boolean} isDates @param {number} first */
  function axisOf(shown, isDates, first) {
    if (!isDates) return Axes.commits(first);
    const ends = shown.flatMap(({ x }) => [x[Math.min(first, x.length - 1)], x[x.length - 1]]);
    return Axes.dates(Scales.extent(ends) ?? [0, 1]);
  }

  /** A line with a name at each tag; where several are at a commit, they share it. Tags elsewhere
      are in brackets, where they come from.
      @param {ShownCell[]} shown @returns {PlotRule[]} */
  function tagsOf(shown) {
    const own = shown.find(({ commits }) => commits === Commits);
    if (!own) return [];
    /** @param {Commit} commit */
    const named = ({ tags, forks }) =>
      [...tags, ...(forks.length ? [`(${forks.join(", ")})`] : [])].join(" ");
    return Commits.all
      .filter((commit) => (commit.tags.length || commit.forks.length) && Commits.upTo(commit) >= 0)
      .map((commit) => ({ at: own.x[Commits.upTo(commit)], name: named(commit) }));
  }

  /** Draws cells into an element; what is to be known of the plot, in sentences.
      @param {HTMLElement} plot @param {string} label @param {ShownCell[]} shown
      @param {Options} [options] */
  function draw(plot, label, shown, { scale = "", isDates = false, first = 0, ...others } = {}) {
    const wanted = scaleOf(shown, scale);
    const isRelative = wanted === "relative";
    const parts = shown.map((one, n) =>
      SeriesLines.of(one, { n, lines: shown.length, isRelative }),
    );
    /** @type {Map<PlotLine, ShownCell>} */
    const origin = new Map();
    parts.forEach(({ lines }, n) => {
      for (const line of lines) origin.set(line, shown[n]);
    });
    /** @param {PlotLine} line */
    const of = (line) => origin.get(line) ?? shown[0];
    Plots.draw(
      plot,
      label,
      {
        what: "Commit",
        isNewestLast: true,
        x: axisOf(shown, isDates, first),
        y: isRelative
          ? Axes.ratios("times the first value")
          : Axes.values(shown[0].series, { isLog: wanted === "log" }),
        lines: parts.flatMap(({ lines }) => lines),
        bands: parts.flatMap(({ bands }) => bands),
        marks: SeriesMarks.of(shown, isRelative),
        rules: tagsOf(shown),
        about: (line, n) => aboutCommit(of(line), n),
        summary: others.hasTools ? (line, range) => summary(of(line), range) : undefined,
        rows: (range) => rowsOf(shown, range),
      },
      others,
    );
    return notesOf(shown, isRelative && scale !== "relative");
  }

  /** @param {ShownCell[]} shown @param {boolean} isForced */
  function notesOf(shown, isForced) {
    /** @param {(value: Encoded) => boolean} test */
    const some = (test) => shown.some(({ known, cell }) => known.cells[cell].values.some(test));
    return [
      isForced && "The units differ: each line is told in its own first value.",
      some(Readings.isFailure) && "A gap with a cross before it: it failed there.",
      some(Readings.isWrong) &&
        "Open circles on a dotted line: it ended without doing what was asked.",
    ].filter((note) => note !== false);
  }

  return { cellsOf, datesOf, xOf, draw };
})();
