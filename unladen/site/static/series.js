/* One series: its history, with steps and changes marked. */
"use strict";

((U) => {
  const { el, $ } = U;
  const MOST_LINES = 12;
  const ROWS = 40;
  const NAMED = 3;

  /** What the address says: the series, for each parameter the index of its value or -1 for all,
      and how values are drawn. */
  function understood(state) {
    const series = U.findSeries(state.subject);
    if (!series) return null;
    const axes = series.axes.map(([, points], n) => {
      const index = Number(state[`axis${n}`] ?? -2);
      return Number.isInteger(index) && index < points.length ? index : -2;
    });
    if (state.cell) {
      const cell = series.cells.findIndex(
        (points, n) =>
          points.join(", ") === state.cell || series.written[n].join(", ") === state.cell,
      );
      if (cell >= 0)
        series.cells[cell].forEach((point, n) => {
          axes[n] = series.axes[n][1].indexOf(point);
        });
    }
    let lines = series.axes.reduce(
      (all, [, points], n) => all * (axes[n] >= 0 ? 1 : points.length),
      1,
    );
    series.axes.forEach(([, points], n) => {
      if (axes[n] !== -2) return;
      const isTooMany = lines > MOST_LINES;
      axes[n] = isTooMany ? 0 : -1;
      if (isTooMany) lines /= points.length;
    });
    const scale = ["linear", "log", "relative"].includes(state.scale) ? state.scale : "";
    return { series, axes, scale };
  }

  function chosenCells({ series, axes }) {
    return series.cells
      .map((points, cell) => ({ points, cell }))
      .filter(({ points }) =>
        points.every((point, n) => axes[n] < 0 || series.axes[n][1][axes[n]] === point),
      )
      .map(({ cell }) => cell);
  }

  function stateOf({ series, axes, scale }) {
    const state = { subject: series.name, scale };
    if (axes.length && axes.every((index) => index >= 0)) {
      state.cell = series.axes.map(([, points], n) => points[axes[n]]).join(", ");
    } else
      axes.forEach((index, n) => {
        state[`axis${n}`] = index;
      });
    return state;
  }

  async function show(view) {
    const { series } = view;
    document.title = `${U.site.target}: ${series.shown}`;
    $("heading").textContent = series.shown;
    $("about").textContent = about(series);
    choices(view);
    try {
      const values = await U.values(series);
      const cells = chosenCells(view);
      U.drawSeries(view, values, cells);
      changes(values, cells, series);
    } catch (error) {
      U.complain($("changes"), error);
    }
  }

  function about(series) {
    const kind = series.isExact
      ? "Exact: one differing value is a fact."
      : `Sampled: points are the ${series.higher ? "upper" : "lower"} quartiles, in which steps are looked for; thick lines the levels. A step is a suspect until it is confirmed.`;
    const better = series.higher ? "higher is better" : "lower is better";
    const order = series.higher ? "from bad to good" : "from good to bad";
    const tolerance = series.tolerance
      ? ` Differences up to ${U.number(series.tolerance * 100, 3)} % are none.`
      : "";
    const words = U.isCoded(series)
      ? [`${order} one of ${series.codes.join(", ")}`]
      : [`in ${series.unit}`, better];
    return `${[series.group, ...words].filter(Boolean).join(", ")}. ${kind}${tolerance}`;
  }

  function choices(view) {
    const { series, axes } = view;
    const change = (changed) => {
      const next = { ...view, ...changed };
      U.writeState(stateOf(next));
      show(next);
    };
    const parameters = series.axes.map(([name, points], n) =>
      U.choice(
        `axis-${n}`,
        name,
        [["-1", "all"], ...points.map((point, index) => [String(index), point])],
        String(axes[n]),
        (value) => change({ axes: axes.map((old, m) => (m === n ? Number(value) : old)) }),
      ),
    );
    const scales = [
      ["", "as fits"],
      ["linear", "linear"],
      ["log", "logarithmic"],
      ["relative", "relative to the first"],
    ];
    const focused = document.activeElement ? document.activeElement.id : "";
    U.fill(
      $("choices"),
      parameters,
      !U.isCoded(series) &&
        U.choice("scale", "Scale", scales, view.scale, (scale) => change({ scale })),
    );
    if (focused && $(focused)) $(focused).focus();
  }

  /** Changes of one commit that say the same of several cells, the biggest first. */
  function grouped(changes, series) {
    const groups = new Map();
    for (const change of changes) {
      const codes = U.isCoded(series) ? [change.before, change.after] : [];
      const key = [
        change.commit.number,
        change.kind,
        change.verdict,
        change.state,
        ...codes,
      ].join();
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(change);
    }
    const size = (change) => Math.abs(Math.log(U.ratio(change.before, change.after) || Infinity));
    return [...groups.values()].map((group) => group.sort((a, b) => size(b) - size(a)));
  }

  function changes(values, cells, series) {
    const shown = new Set(cells);
    const those = values.changes.filter((change) => shown.has(change.cell));
    const groups = grouped(those.reverse(), series);
    if (!groups.length) {
      U.fill($("changes"), el("p", {}, "None in what is shown."));
      return;
    }
    const head = ["Commit", "Parameters", "What", "Before → after", "Size", "Notes"];
    const body = el(
      "tbody",
      {},
      groups.slice(0, ROWS).map((group) => row(group, series)),
    );
    const heads = head.map((text) =>
      el("th", { scope: "col", class: text === "Size" ? "number" : null }, text),
    );
    const table = el("table", { class: "stack" }, el("thead", {}, el("tr", {}, heads)), body);
    U.fill($("changes"), el("div", { class: "scroll" }, table));
    const left = groups.slice(ROWS);
    if (!left.length) return;
    const more = () => {
      body.append(...left.map((group) => row(group, series)));
      button.remove();
    };
    const button = el("button", { type: "button", on: { click: more } }, `${left.length} more`);
    $("changes").append(button);
  }

  /** A row with the values of the biggest change, and the names of all cells concerned. */
  function row(group, series) {
    const [change] = group;
    const { commit } = change;
    const notes = U.notes(change, group);
    if (change.reason) notes.unshift(el("code", {}, change.reason));
    const texts = group.slice(0, NAMED).map((one) => U.cellText(series, one.cell));
    const others = group.length > NAMED ? ` +${group.length - NAMED}` : "";
    return el(
      "tr",
      {},
      el(
        "th",
        { scope: "row" },
        U.commitLinkOf(commit),
        " ",
        el("span", { class: "small" }, `${U.day(commit.date)} `, el("bdi", {}, commit.subject)),
      ),
      el(
        "td",
        { "data-label": "Parameters" },
        texts.join(texts[0].includes(",") ? "; " : ", ") + others,
      ),
      el("td", {}, el("span", { class: "chips" }, U.changeMark(change), U.stateMark(change))),
      el("td", { "data-label": "Values" }, el("span", { class: "values" }, U.valuesText(change))),
      el(
        "td",
        { "data-label": "Size", class: "number" },
        U.sizeText(change.before, change.after, series),
      ),
      el(
        "td",
        { class: "small" },
        notes.flatMap((note, n) => (n ? [el("br"), note] : [note])),
      ),
    );
  }

  U.onState((state) => {
    const view = understood(state);
    $("one").hidden = !view;
    $("all").hidden = Boolean(view);
    if (view) show(view);
    else U.showSeriesList(state.subject);
  });
})(window.Unladen);
