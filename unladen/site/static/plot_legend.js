/* The legend of a plot: what each line and mark is; a click hides it, or shows it again. */
"use strict";

const PlotLegend = (() => {
  const { el, fill } = Elements;

  /** An entry: what it is called, its picture, and what is said of it.
      @typedef {{name: string, swatch: SVGElement, said: string}} Entry */

  /** @param {Plot} plot @returns {Entry[]} */
  function entriesOf({ drawing, places }) {
    const lines = drawing.lines.filter(({ name, group }) => (group ?? name) === name);
    const marks = (drawing.marks ?? []).filter(({ x }) => x.length);
    return [
      ...lines.map((line) => ({
        name: line.name,
        swatch: PlotStyles.swatch({ line }),
        said: drawing.summary?.(line, places.range) ?? "",
      })),
      ...marks.map((one) => ({
        name: one.name,
        swatch: PlotStyles.swatch({ marks: one }),
        said: "",
      })),
    ];
  }

  /** @param {Plot} plot @param {Entry} entry */
  function itemOf(plot, { name, swatch, said }) {
    const button = el(
      "button",
      {
        type: "button",
        "aria-pressed": String(!plot.hidden.has(name)),
        title: "Hide, or show again",
        on: {
          click() {
            if (!plot.hidden.delete(name)) plot.hidden.add(name);
            button.setAttribute("aria-pressed", String(!plot.hidden.has(name)));
            plot.redraw();
          },
        },
      },
      swatch,
      el("span", {}, name),
    );
    return el("li", {}, button, el("span", { class: "said" }, said));
  }

  /** Puts the legend in its place; what is only said anew leaves the buttons there.
      @param {Plot} plot */
  function show(plot) {
    const { legend } = plot;
    const entries = entriesOf(plot);
    const key = JSON.stringify(entries.map(({ name }) => name));
    if (legend.dataset.key !== key) {
      legend.dataset.key = key;
      fill(
        legend,
        entries.map((entry) => itemOf(plot, entry)),
      );
      legend.hidden = entries.length < 2 && !entries.some(({ said }) => said);
      return;
    }
    entries.forEach(({ said }, n) => {
      const place = legend.children[n].querySelector(".said");
      if (place) place.textContent = said;
    });
  }

  return { show };
})();
