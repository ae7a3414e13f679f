/* Heat maps of latency by negotiations, one for each number of slots; tables, so that all can read them. */
"use strict";

((U) => {
  const { el, $ } = U;
  const view = U.site.views.latency;
  const shown = view.series.map((number) => U.series[number]);
  const lost = view.lost === null ? null : U.series[view.lost];
  const STRONGEST = 42;

  const numberAt = (cell, position) => {
    const value = position >= 0 ? cell.values[position] : null;
    return typeof value === "number" ? value : null;
  };

  function show(state) {
    const { commit, before, position } = U.chosenCommits(state);
    const series =
      shown.find((one) => one.name === state.show) ||
      shown.find((one) => one.unit === "fraction") ||
      shown[0];
    const choose = (changed) => {
      const next = { ...state, subject: state.subject, ...changed };
      U.writeState(next);
      show(next);
    };
    const focused = document.activeElement ? document.activeElement.id : "";
    U.fill(
      $("choices"),
      U.commitChoice("commit", "Commit", commit, (hash) => choose({ subject: hash })),
      U.choice(
        "quantity",
        "Quantity",
        shown.map((one) => [one.name, U.quantityName(one)]),
        series.name,
        (name) => choose({ show: name }),
      ),
    );
    if (focused && $(focused)) $(focused).focus();
    draw(series, commit, before, position).catch((error) => U.complain($("maps"), error));
  }

  async function draw(series, commit, before, position) {
    const [values, losses] = await Promise.all([U.values(series), lost ? U.values(lost) : null]);
    const names = series.axes.map(([name]) => name);
    const [latency, negotiations, slots] = ["latency_s", "negotiations", "slots"].map((name) =>
      names.indexOf(name),
    );
    const numbers = values.cells.map((cell) => numberAt(cell, position));
    const known = numbers.filter((value) => value !== null);
    const [low, high] = [Math.min(...known), Math.max(...known)];
    const isWide = low > 0 && high / low > 20;
    const shade = (value) => {
      if (value === null || low === high) return 0;
      const part = isWide
        ? Math.log(value / low) / Math.log(high / low)
        : (value - low) / (high - low);
      return Math.round(STRONGEST * (series.higher ? 1 - part : part));
    };
    const text = (value) =>
      series.unit === "fraction"
        ? `${U.number(value * 100, 3)} %`
        : U.quantity(value, series, true);

    const cellOf = (l, n, s) => {
      const cell = series.cells.findIndex(
        (c) => c[latency] === l && c[negotiations] === n && c[slots] === s,
      );
      const value = values.cells[cell].values[position];
      const number = numbers[cell];
      const old = numberAt(values.cells[cell], position - 1);
      const gone = losses ? numberAt(losses.cells[cell], position) : null;
      const change =
        number !== null && old !== null && number !== old ? U.sizeText(old, number, series) : "";
      return el(
        "td",
        { style: `background: color-mix(in srgb, var(--high) ${shade(number)}%, var(--low))` },
        number === null ? U.readingText(value ?? null, series) : text(number),
        gone && series !== lost ? el("span", { class: "lost" }, `${gone} lost`) : null,
        change && el("span", { class: "lost" }, `was ${text(old)}`),
      );
    };

    const [rows, columns, maps] = [latency, negotiations, slots].map(
      (axis) => series.axes[axis][1],
    );
    const table = (slot) =>
      el(
        "section",
        {},
        el("h2", {}, slot === "unlimited" ? "Unlimited slots" : `${slot} slots`),
        el(
          "div",
          { class: "scroll" },
          el(
            "table",
            { class: "heat" },
            el(
              "caption",
              { class: "visually-hidden" },
              `${U.quantityName(series)} at ${commit.short}: negotiations at once across, seconds a model call down`,
            ),
            el(
              "thead",
              {},
              el(
                "tr",
                {},
                el("td", { class: "soft small" }, "latency"),
                columns.map((n, at) =>
                  el("th", { scope: "col", class: "number" }, at ? n : `${n} at once`),
                ),
              ),
            ),
            el(
              "tbody",
              {},
              rows.map((l) =>
                el(
                  "tr",
                  {},
                  el("th", { scope: "row", class: "number" }, `${l} s`),
                  columns.map((n) => cellOf(l, n, slot)),
                ),
              ),
            ),
          ),
        ),
      );
    U.fill(
      $("maps"),
      el(
        "p",
        { class: "small" },
        `${series.higher ? "The stronger the shade, the worse: lower values." : "The stronger the shade, the worse: higher values."} `,
        before
          ? `Where a value differs from that at ${before.short}, the cell says what it was. `
          : "",
        el("a", { href: U.seriesLink(series) }, "History of this series"),
      ),
      el("div", { class: "grid narrow" }, maps.map(table)),
    );
  }

  U.onState(show);
})(window.Unladen);
