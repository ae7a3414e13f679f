/* The page of one series: its history, with steps and changes marked; or the list of all. */
"use strict";

(() => {
  const { $ } = Elements;
  const MOST_LINES = 12;
  const HOW_TO_USE =
    "Click a point, or touch it twice, to go to its commit; drag over a part to zoom; a line's name hides it.";
  const SCALES = [
    ["", "as fits"],
    ["linear", "linear"],
    ["log", "logarithmic"],
    ["relative", "relative to the first"],
  ];

  const OVER = [
    ["", "commits"],
    ["date", "their dates"],
  ];

  /** What is shown of a series. `axes`: for each parameter the index of its value, or ALL;
      `scale`: how values are drawn, "" for what fits; `over`: "date", or "" for commits; `zoom`: the
      part that the address names; `added`: further lines.
      @typedef {{series: Series, axes: number[], scale: string, over: string,
                 zoom: Zoomed, added: Added[]}} View */

  const ALL = -1;
  const NOT_SAID = -2;

  /** What the address asks of a series.
      @param {Series} series @param {AddressState} state @returns {View} */
  function viewOf(series, state) {
    const axes = series.axes.map(([, points], n) => {
      const index = Number(state[`axis${n}`] ?? NOT_SAID);
      return Number.isInteger(index) && index < points.length ? index : NOT_SAID;
    });
    const cell = series.cells.findIndex((points, n) =>
      [points, series.writtenCells[n]].some((one) => one.join(", ") === state.cell),
    );
    if (state.cell && cell >= 0) {
      series.cells[cell].forEach((point, n) => {
        axes[n] = series.axes[n][1].indexOf(point);
      });
    }
    const scale = SCALES.some(([name]) => name === state.scale) ? state.scale : "";
    const over = state.axis === "date" ? "date" : "";
    const [zoom, added] = [SeriesZoom.of(state), SeriesAdded.of(state)];
    return { series, axes: withFewLines(series, axes), scale, over, zoom, added };
  }

  /** Parameters of which nothing is said show all values as long as that makes few lines.
      @param {Series} series @param {number[]} axes */
  function withFewLines(series, axes) {
    const sizes = series.axes.map(([, points]) => points.length);
    let lines = sizes.reduce((all, size, n) => all * (axes[n] >= 0 ? 1 : size), 1);
    return axes.map((index, n) => {
      if (index !== NOT_SAID) return index;
      if (lines <= MOST_LINES) return ALL;
      lines /= sizes[n];
      return 0;
    });
  }

  /** @param {View} view */
  const chosenCells = ({ series, axes }) =>
    [...series.cells.keys()].filter((cell) =>
      series.cells[cell].every((point, n) => axes[n] < 0 || series.axes[n][1][axes[n]] === point),
    );

  /** @param {View} view */
  function stateOf({ series, axes, scale, over, zoom, added }) {
    /** @type {Record<string, StateValue>} */
    const state = { subject: series.name, scale, axis: over, ...zoom };
    state.add = SeriesAdded.text(added);
    if (axes.length && axes.every((index) => index >= 0)) {
      state.cell = series.axes.map(([, points], n) => points[axes[n]]).join(", ");
    } else {
      for (const [n, index] of axes.entries()) state[`axis${n}`] = index;
    }
    return state;
  }

  /** @param {View} view */
  async function show(view) {
    const { series, scale } = view;
    document.title = `${Unladen.data("site").target}: ${series.shown}`;
    $("heading").textContent = series.shown;
    $("about").textContent = about(series);
    Elements.keepingFocus(() => Elements.fill($("choices"), choices(view)));
    SeriesChooser.show($("added"), series, view.added, (added) => changed(view, { added }));
    try {
      const values = await Values.of(series);
      const cells = chosenCells(view);
      const wantsDates = view.over === "date";
      const {
        added,
        isDates,
        notes: further,
      } = await SeriesAdded.all(series, view.added, wantsDates);
      const shown = [...SeriesPlot.cellsOf(series, values, cells, isDates), ...added];
      const notes = SeriesPlot.draw($("plot"), labelOf(series), shown, {
        scale,
        isDates,
        hasTools: true,
        view: SeriesZoom.viewOf(view.zoom, isDates),
        onView(range) {
          view.zoom = SeriesZoom.ofView(range, isDates);
          Address.write(stateOf(view));
        },
      });
      const how = Elements.el("span", { class: "on-screen" }, `${HOW_TO_USE} `);
      Elements.fill($("plot-note"), how, [...notes, ...further].join(" "));
      SeriesChanges.show(values.changes, cells);
    } catch (error) {
      Elements.complain($("changes"), error);
    }
  }

  /** @param {Series} series */
  const labelOf = (series) =>
    `${series.shown} over ${Format.plural(Commits.measured.length, "commit")}`;

  /** @param {Series} series */
  function about(series) {
    const kind = series.isExact
      ? "Exact: one differing value is a fact."
      : `Sampled: points are the ${series.higher ? "upper" : "lower"} quartiles, in which steps are looked for; thick lines the levels. A step is a suspect until it is confirmed.`;
    const better = series.higher ? "higher is better" : "lower is better";
    const order = series.higher ? "from bad to good" : "from good to bad";
    const tolerance = series.tolerance
      ? ` Differences up to ${Format.significant(series.tolerance * 100, 3)} % are none.`
      : "";
    const words = Format.isCoded(series)
      ? [`${order} one of ${series.codes.join(", ")}`]
      : [`in ${series.unit}`, better];
    return `${[series.group, ...words].filter(Boolean).join(", ")}. ${kind}${tolerance}`;
  }

  /** Shows another view, which the address has then.
      @param {View} view @param {Partial<View>} other */
  function changed(view, other) {
    const next = { ...view, ...other };
    Address.write(stateOf(next));
    show(next);
  }

  /** @param {View} view @returns {Child[]} */
  function choices(view) {
    const { series, axes, scale, over, zoom } = view;
    /** @param {Partial<View>} other */
    const change = (other) => changed(view, other);
    const parameters = series.axes.map(([name, points], n) => {
      const options = [[String(ALL), "all"], ...points.map((point, at) => [String(at), point])];
      return Choices.of(`axis-${n}`, name, options, String(axes[n]), (value) =>
        change({ axes: axes.map((old, m) => (m === n ? Number(value) : old)) }),
      );
    });
    const scales =
      !Format.isCoded(series) &&
      Choices.of("scale", "Scale", SCALES, scale, (value) =>
        change({ scale: value, zoom: SeriesZoom.acrossOnly(zoom) }),
      );
    const overs = Choices.of("over", "Over", OVER, over, (value) => change({ over: value }));
    return [parameters, scales, overs];
  }

  Address.follow((asked) => {
    const state = Moved.followed(asked, "subject");
    const series = AllSeries.find(state.subject);
    $("one").hidden = !series;
    $("all").hidden = Boolean(series);
    if (series) show(viewOf(series, state));
    else SeriesList.show(state.subject);
  });
})();
