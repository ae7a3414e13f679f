/* What is added to the plot of a series, and the choice of one more line: of this target or another. */
"use strict";

const SeriesChooser = (() => {
  const { el, fill } = Elements;
  const MOST_NAMES = 400;

  /** @param {Added} added */
  const wordsOf = ({ target, series, cell }) =>
    [target && `${target}:`, AllSeries.find(series)?.shown ?? series, cell]
      .filter(Boolean)
      .join(" ");

  /** The lines that are added, each with a button that takes it away.
      @param {Added[]} added @param {(added: Added[]) => void} change */
  const list = (added, change) =>
    added.length > 0 &&
    el(
      "ul",
      { class: "chips", "aria-label": "Added lines" },
      added.map((one, n) =>
        el(
          "li",
          { class: "chip" },
          wordsOf(one),
          el(
            "button",
            {
              type: "button",
              class: "plain",
              "aria-label": `Take away ${wordsOf(one)}`,
              on: { click: () => change(added.filter((_, m) => m !== n)) },
            },
            "✕",
          ),
        ),
      ),
    );

  /** Whether a series can be in one plot with another one: codes are no quantities.
      @param {Series} one @param {Series} other */
  const fits = (one, other) => one.codes.join() === other.codes.join();

  /** Fills the names of an origin's series, and the parameters of the one that is named.
      @param {Series} main @param {string} target */
  async function offer(main, target) {
    const { series } = await Origins.of(target);
    const names = series.filter((one) => fits(one, main)).slice(0, MOST_NAMES);
    fill(
      Elements.$("add-names"),
      names.map(({ shown }) => el("option", { value: shown })),
    );
    await offerCells(target);
  }

  /** @param {string} target */
  async function offerCells(target) {
    const series = SeriesAdded.find(await Origins.of(target), Elements.input("add-series").value);
    const cells = series?.cells.map((points) => points.join(", ")) ?? [];
    const place = Elements.$("add-cell");
    fill(
      place,
      cells.map((cell) => el("option", { value: cell }, cell)),
    );
    /** @type {HTMLElement} */ (place.parentElement).hidden = cells.length < 2;
  }

  /** The choice of one more line, which is loaded when it is opened.
      @param {Series} main @param {Added[]} added @param {(added: Added[]) => void} change */
  function form(main, added, change) {
    const target = el("select", { id: "add-target" });
    const cell = el("select", { id: "add-cell" });
    const problem = el("p", { class: "small", role: "status" });
    /** @param {Promise<unknown>} work */
    const said = (work) =>
      work.catch((error) => fill(problem, error instanceof Error ? error.message : String(error)));
    target.addEventListener("change", () => said(offer(main, target.value)));
    const name = el("input", {
      id: "add-series",
      list: "add-names",
      autocomplete: "off",
      spellcheck: "false",
      value: main.shown,
      on: { input: () => said(offerCells(target.value)) },
    });
    const of = el("label", { for: "add-target", hidden: true }, "Of", target);
    async function open() {
      const others = await Elsewhere.all();
      const own = [el("option", { value: "" }, "this one")];
      fill(target, [...own, ...others.map(([name]) => el("option", { value: name }, name))]);
      of.hidden = others.length === 0;
      await offer(main, "");
    }
    async function add() {
      const series = SeriesAdded.find(await Origins.of(target.value), name.value);
      if (!series) throw new Error("No series is called so.");
      change([...added, { series: series.name, cell: cell.value, target: target.value }]);
    }
    return el(
      "details",
      { class: "plot-add" },
      el("summary", { on: { click: () => said(open()) } }, "Add a line"),
      el(
        "form",
        {
          class: "controls",
          on: {
            submit(event) {
              event.preventDefault();
              said(add());
            },
          },
        },
        of,
        el("label", { for: "add-series" }, "Series", name, el("datalist", { id: "add-names" })),
        el("label", { for: "add-cell", hidden: true }, "Parameters", cell),
        el("button", { type: "submit" }, "Add"),
      ),
      problem,
    );
  }

  /** Shows what is added, and the choice of more.
      @param {HTMLElement} place @param {Series} main @param {Added[]} added
      @param {(added: Added[]) => void} change */
  const show = (place, main, added, change) =>
    fill(place, list(added, change), form(main, added, change));

  return { show };
})();
