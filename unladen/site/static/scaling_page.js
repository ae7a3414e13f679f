/* Quantities against a size, for a commit and the one before, and their exponents. */
"use strict";

(() => {
  const { el, $, fill } = Elements;
  const views = Unladen.data("site").views.scaling;

  /** A series over sizes, and what it is called on this page; `what`: what the sizes are of,
      "agents"; the series of its exponents and its cell there, if it is fitted.
      @typedef {{series: Series, name: string, sizes: number[], what: string,
                 exponents: [Series, number] | null}} Growing */

  /** @param {Scaling} view @returns {Growing[]} */
  const growing = (view) => {
    const names = view.quantities.map(({ series }) =>
      AllSeries.quantityName(AllSeries.all[series]),
    );
    return view.quantities.map(({ series: number, exponents }, n) => {
      const series = AllSeries.all[number];
      const [[what]] = series.axes;
      const sizes = SizePlot.sizesOf(series);
      const isOnly = names.filter((name) => name === names[n]).length === 1;
      return {
        series,
        name: isOnly ? names[n] : `${names[n]}, ${series.shown.split(".").slice(1, -1).join(".")}`,
        sizes,
        what,
        exponents: exponents && [AllSeries.all[exponents[0]], exponents[1]],
      };
    });
  };

  /** The view whose plots the page has.
      @type {Scaling | null} */
  let laidOut = null;

  /** @param {AddressState} state */
  function show(state) {
    const view = Choices.viewOf(views, state);
    const quantities = growing(view);
    if (view !== laidOut) layOut(view, quantities);
    Choices.forViews(views, state, show);
    const chosen = Choices.commitsOf(state);
    for (const quantity of quantities) {
      const container = $(`plot-${quantity.series.number}`);
      plot(container, quantity, chosen).catch((error) => Elements.complain(container, error));
    }
    tables(quantities, chosen).catch((error) => Elements.complain($("exponents"), error));
  }

  /** @param {Scaling} view @param {Growing[]} quantities */
  function layOut(view, quantities) {
    laidOut = view;
    const whats = [...new Set(quantities.map(({ what }) => what))];
    const grown = whats.length === 1 ? whats[0] : "size of the work";
    $("heading").textContent = `How it grows with the ${grown}`;
    fill(
      $("quantities"),
      quantities.map(({ series, name }) =>
        el(
          "section",
          { id: `quantity-${series.number}` },
          el("h2", {}, name),
          el("div", { class: "plot low", id: `plot-${series.number}` }),
        ),
      ),
    );
    const [exponents] = view.exponents;
    $("history").hidden = exponents === undefined;
    if (exponents !== undefined) {
      history(AllSeries.all[exponents]).catch((error) => Elements.complain($("history"), error));
    }
  }

  /** @param {HTMLElement} container @param {Growing} quantity @param {ChosenCommits} chosen */
  async function plot(container, { series, sizes, what }, chosen) {
    const { cells } = await Values.of(series);
    /** @param {number} position */
    const at = (position) => cells.map((cell) => Values.numberAt(cell, position));
    const [now, old] = [at(chosen.position), at(chosen.position - 1)];
    const isMeasured = [...now, ...old].some((value) => value !== null);
    $(`quantity-${series.number}`).hidden = !isMeasured;
    if (!isMeasured) return;
    const isLog = [...now, ...old].every((value) => value === null || value > 0);
    SizePlot.draw(container, `${series.shown} against ${what}`, chosen, {
      sizes,
      what,
      now,
      old,
      text: (value) => Format.quantity(value, series),
      y: Axes.values(series, { isLog }),
    });
  }

  /** The exponent of least squares on the logarithms; null without two positive values.
      @param {number[]} sizes @param {(number | null)[]} values */
  function fitted(sizes, values) {
    const points = sizes.flatMap((size, n) => {
      const value = values[n];
      return value !== null && value > 0 ? [{ x: Math.log(size), y: Math.log(value) }] : [];
    });
    if (points.length < 2) return null;
    const mean = {
      x: points.reduce((sum, { x }) => sum + x, 0) / points.length,
      y: points.reduce((sum, { y }) => sum + y, 0) / points.length,
    };
    const spread = points.reduce((sum, { x }) => sum + (x - mean.x) ** 2, 0);
    return points.reduce((sum, { x, y }) => sum + (x - mean.x) * (y - mean.y), 0) / spread;
  }

  /** @param {Growing} quantity @param {number} position */
  async function exponentOf({ series, sizes, exponents }, position) {
    if (exponents) {
      const [fits, cell] = exponents;
      const values = await Values.of(fits);
      return Values.numberAt(values.cells[cell], position);
    }
    const { cells } = await Values.of(series);
    return fitted(
      sizes,
      cells.map((cell) => Values.numberAt(cell, position)),
    );
  }

  /** Its row of the table; null where it was measured neither then nor before.
      @param {Growing} quantity @param {number} position */
  async function row(quantity, position) {
    const { series, name, sizes, what } = quantity;
    const [now, old] = [
      await exponentOf(quantity, position),
      await exponentOf(quantity, position - 1),
    ];
    const { cells } = await Values.of(series);
    const isMeasured = cells.some((cell) =>
      [position, position - 1].some((at) => Values.numberAt(cell, at) !== null),
    );
    if (!isMeasured) return null;
    const ends = [0, sizes.length - 1].map((cell) => {
      const value = Values.numberAt(cells[cell], position);
      return el(
        "td",
        { class: "number", "data-label": `${sizes[cell]} ${what}` },
        value === null ? "–" : Format.quantity(value, series, true),
      );
    });
    /** @param {number | null} value */
    const text = (value) => (value === null ? "–" : value.toFixed(2));
    const link = el("a", { href: AllSeries.address(series) }, name);
    return el(
      "tr",
      {},
      el("th", { scope: "row" }, link),
      ends,
      el("td", { class: "number", "data-label": "Exponent" }, text(now)),
      el("td", { class: "number", "data-label": "Before" }, text(old)),
      el("td", { class: "small soft" }, quantity.exponents ? "" : "fitted on this page"),
    );
  }

  /** Tables, one for all that grow over the same sizes.
      @param {Growing[]} quantities @param {ChosenCommits} chosen */
  async function tables(quantities, { commit, before, position }) {
    const rows = await Promise.all(quantities.map((quantity) => row(quantity, position)));
    /** @type {Map<string, {first: Growing, rows: HTMLElement[]}>} */
    const groups = new Map();
    for (const [n, found] of rows.entries()) {
      const first = quantities[n];
      const key = `${first.what} ${first.sizes.join(" ")}`;
      if (found) groups.set(key, { first, rows: [...(groups.get(key)?.rows ?? []), found] });
    }
    const said = `At ${commit.short}, ${commit.subject}`;
    if (groups.size === 0) {
      const nothing = `${said}: nothing of this was measured, nor at the commit before.`;
      fill($("exponents"), el("p", { class: "notice" }, nothing));
      return;
    }
    fill(
      $("exponents"),
      [...groups.values()].map(({ first: { sizes, what }, rows: body }, n) => {
        const heads = [
          "Quantity",
          `#${sizes[0]} ${what}`,
          `#${sizes[sizes.length - 1]} ${what}`,
          "#Exponent",
          before ? `#At ${before.short}` : "#Before",
          "",
        ];
        const caption = el("caption", {}, n === 0 ? said : `By ${what}`);
        return Tables.stacked(heads, el("tbody", {}, body), { caption });
      }),
    );
  }

  /** @param {Series} series */
  async function history(series) {
    const known = await Values.of(series);
    const label = `${series.shown}, the exponents over ${Format.plural(Commits.measured.length, "commit")}`;
    const shown = SeriesPlot.cellsOf(series, known, [...known.cells.keys()]);
    const named = shown.map((one) => ({ ...one, name: one.name.replaceAll("_", " ") }));
    SeriesPlot.draw($("exponent-plot"), label, named, { scale: "linear" });
  }

  Address.follow(show);
})();
