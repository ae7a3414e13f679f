/* Marks at the changes of series: by what happened, open where it is suspected only. */
"use strict";

const SeriesMarks = (() => {
  /** @type {{name: string, is: (change: PlotChange) => boolean, symbol: PlotSymbol,
              look: PlotMarks["look"]}[]} */
  const KINDS = [
    {
      name: "the host's, the driver's, a drift, or cleared",
      is: Changes.isDismissed,
      symbol: "circle",
      look: "soft",
    },
    {
      name: "worse",
      is: ({ kind, verdict }) => kind === "value" && verdict === "regression",
      symbol: "up",
      look: "worse",
    },
    {
      name: "better",
      is: ({ kind, verdict }) => kind === "value" && verdict === "improvement",
      symbol: "down",
      look: "better",
    },
    { name: "broke", is: ({ kind }) => kind === "broke", symbol: "cross", look: "worse" },
    { name: "goes wrong", is: ({ kind }) => kind === "goes wrong", symbol: "plus", look: "worse" },
    {
      name: "works again",
      is: ({ kind }) => kind === "works again",
      symbol: "circle",
      look: "better",
    },
    {
      name: "right again",
      is: ({ kind }) => kind === "right again",
      symbol: "circle",
      look: "better",
    },
    {
      name: "new or gone",
      is: ({ kind }) => kind === "appears" || kind === "disappears",
      symbol: "diamond",
      look: "neither",
    },
  ];

  /** @param {PlotChange} change */
  function changeText(change) {
    const size = Readings.sizeText(change.before, change.after, change.series);
    return [size, Marks.valuesText(change)].filter(Boolean).join(" ");
  }

  /** The marks of some cells, by kind.
      @param {ShownCell[]} shown @param {boolean} isRelative @returns {PlotMarks[]} */
  function of(shown, isRelative) {
    const found = shown.flatMap((one) => {
      const unit = SeriesLines.unitOf(one.known.cells[one.cell], isRelative);
      return one.known.changes
        .filter((change) => change.cell === one.cell)
        .map((change) => {
          const figure = Readings.figureOf(change.after) ?? Readings.figureOf(change.before);
          const y = figure === null ? null : figure / unit;
          return { change, line: one.name, x: one.x[one.commits.position(change.commit)], y };
        });
    });
    return KINDS.map(({ name, symbol, look, is }) => {
      const members = found.filter(
        ({ change }) => KINDS.find((kind) => kind.is(change))?.is === is,
      );
      return {
        name,
        symbol,
        look,
        lines: members.map(({ line }) => line),
        x: members.map(({ x }) => x),
        y: members.map(({ y }) => y),
        isOpen: members.map(({ change }) => !Changes.isSettled(change)),
        said: (/** @type {number} */ n) => changeText(members[n].change),
      };
    }).filter(({ x }) => x.length);
  }

  return { of };
})();
