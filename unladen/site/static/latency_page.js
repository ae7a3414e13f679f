/* Heat maps of latency by runs at once, one for each number of slots; tables, so that all can read
them. */
"use strict";

(() => {
  const { el, $, fill } = Elements;
  const views = Unladen.data("site").views.latency;
  const FRACTION = "fraction";
  const STRONGEST = 42;
  /** Above this ratio of the largest value to the smallest, shades are logarithmic. */
  const WIDE = 20;

  /** @param {AddressState} state */
  function show(state) {
    const view = Choices.viewOf(views, state);
    const quantities = view.series.map((number) => AllSeries.all[number]);
    const series =
      quantities.find((one) => one.name === state.show) ||
      quantities.find((one) => one.unit === FRACTION) ||
      quantities[0];
    const lost = view.lost === null ? null : AllSeries.all[view.lost];
    const names = quantities.map((one) => [one.name, AllSeries.quantityName(one)]);
    Choices.forViews(views, state, show, (choose) =>
      Choices.of("quantity", "Quantity", names, series.name, (name) => choose({ show: name })),
    );
    draw(series, lost, Choices.commitsOf(state)).catch((error) =>
      Elements.complain($("maps"), error),
    );
  }

  /** How strong the shade of a value is, in percent: the stronger, the worse.
      @param {Series} series @param {(number | null)[]} numbers
      @returns {(value: number | null) => number} */
  function shadesOf(series, numbers) {
    const known = numbers.filter(Readings.isNumber);
    const [low, high] = [Math.min(...known), Math.max(...known)];
    const isWide = low > 0 && high / low > WIDE;
    return (value) => {
      if (value === null || low === high) return 0;
      const part = isWide
        ? Math.log(value / low) / Math.log(high / low)
        : (value - low) / (high - low);
      return Math.round(STRONGEST * (series.higher ? 1 - part : part));
    };
  }

  /** @param {number} value @param {Series} series */
  const figureText = (value, series) =>
    series.unit === FRACTION
      ? `${Format.significant(value * 100, 3)} %`
      : Format.quantity(value, series, true);

  /** `lost`: the series that counts what is missing, if there is one.
      @param {Series} series @param {Series | null} lost @param {ChosenCommits} chosen */
  async function draw(series, lost, { commit, before, position }) {
    const { cells } = await Values.of(series);
    const losses = lost && series !== lost ? (await Values.of(lost)).cells : null;
    const grid = Grids.of(series);
    const shade = shadesOf(
      series,
      cells.map((cell) => Values.numberAt(cell, position)),
    );

    /** @param {number} cell */
    const cellOf = (cell) => {
      const number = Values.numberAt(cells[cell], position);
      const old = Values.numberAt(cells[cell], position - 1);
      const gone = losses && Values.numberAt(losses[cell], position);
      const isOther = number !== null && old !== null && number !== old;
      const isSaid = isOther && Readings.sizeText(old, number, series) !== "";
      return el(
        "td",
        { style: `background: color-mix(in srgb, var(--high) ${shade(number)}%, var(--low))` },
        number === null
          ? Readings.text(cells[cell].values[position] ?? null, series)
          : figureText(number, series),
        gone !== null && gone > 0 && el("span", { class: "lost" }, `${gone} lost`),
        isSaid && el("span", { class: "lost" }, `was ${figureText(old, series)}`),
      );
    };

    /** @param {string} slots */
    const map = (slots) => {
      const caption = `${AllSeries.quantityName(series)} at ${commit.short}: ${grid.word} at once across, seconds a model call down`;
      const heads = grid.runs.map((runs, n) =>
        el("th", { scope: "col", class: "number" }, n ? runs : `${runs} at once`),
      );
      const rows = grid.latencies.map((seconds) =>
        el(
          "tr",
          {},
          el("th", { scope: "row", class: "number" }, `${seconds} s`),
          grid.runs.map((runs) => cellOf(grid.cell(seconds, runs, slots))),
        ),
      );
      const table = el(
        "table",
        { class: "heat" },
        el("caption", { class: "visually-hidden" }, caption),
        el("thead", {}, el("tr", {}, el("td", { class: "soft small" }, "latency"), heads)),
        el("tbody", {}, rows),
      );
      const title = slots === "unlimited" ? "Unlimited slots" : `${slots} slots`;
      return el("section", {}, el("h2", {}, title), el("div", { class: "scroll" }, table));
    };

    const worse = series.higher ? "lower" : "higher";
    const differs =
      before && `Where a value differs from that at ${before.short}, the cell says what it was. `;
    fill(
      $("maps"),
      el(
        "p",
        { class: "small" },
        `The stronger the shade, the worse: ${worse} values. `,
        differs,
        el("a", { href: AllSeries.address(series) }, "History of this series"),
      ),
      el("div", { class: "grid narrow" }, grid.slots.map(map)),
    );
  }

  Address.follow((state) => show(Moved.followed(state, "show")));
})();
