/* Small plots in a line of text: one cell around one commit, or over all of them. */
"use strict";

const Spark = (() => {
  const { shape } = Svg;
  const WIDTH = 200;
  const HEIGHT = 40;
  const PAD = 3;

  /** A plot of values by position, from `first` on. `here`: the position that is marked, or -1;
      `label`: what it shows, for those who do not see it.
      @param {Encoded[]} values
      @param {{first?: number, here?: number, steps?: boolean, label: string}} options */
  function draw(values, { first = 0, here = -1, steps = true, label }) {
    const numbers = Readings.figures(values);
    const [low, high] = numbers.length ? [Math.min(...numbers), Math.max(...numbers)] : [0, 1];
    /** @param {number} index */
    const x = (index) => PAD + ((WIDTH - 2 * PAD) * index) / Math.max(values.length - 1, 1);
    /** @param {number} value */
    const y = (value) =>
      low === high
        ? HEIGHT / 2
        : HEIGHT - PAD - ((HEIGHT - 2 * PAD) * (value - low)) / (high - low);
    const picture = shape("svg", {
      class: "spark",
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: "none",
      role: "img",
      "aria-label": label,
    });
    if (here >= 0) {
      const at = x(here - first);
      picture.append(shape("line", { class: "here", x1: at, x2: at, y1: 0, y2: HEIGHT }));
    }
    picture.append(shape("path", { class: "path", d: path(values, x, y, steps) }));
    values.forEach((value, index) => {
      const at = x(index);
      const figure = Readings.isWrong(value) ? Readings.figureOf(value) : null;
      if (figure !== null) {
        picture.append(shape("circle", { class: "wrong", cx: at, cy: y(figure), r: 2.5 }));
      }
      if (Readings.isFailure(value)) {
        picture.append(
          shape("path", { class: "fail", d: `M${at - 2},${HEIGHT - 7}l4,6m-4,0l4,-6` }),
        );
      }
    });
    return picture;
  }

  /** @param {Encoded[]} values @param {(index: number) => number} x
      @param {(value: number) => number} y @param {boolean} steps */
  function path(values, x, y, steps) {
    let line = "";
    let pen = false;
    values.forEach((value, index) => {
      if (!Readings.isNumber(value)) {
        pen = false;
        return;
      }
      const [across, down] = [x(index).toFixed(1), y(value).toFixed(1)];
      if (!pen) line += `M${across},${down}h0.01`;
      else line += steps ? `H${across}V${down}` : `L${across},${down}`;
      pen = true;
    });
    return line;
  }

  /** The plot of a cell around a commit, so many positions to both sides.
      @param {CellValues} cell @param {Commit} commit @param {number} sides
      @param {Series} series @param {string} text */
  function around(cell, commit, sides, series, text) {
    const here = Commits.position(commit);
    const first = Math.max(here - sides, 0);
    const values = cell.values.slice(first, here + sides + 1);
    const numbers = Readings.figures(values);
    /** @param {number} value */
    const quantity = (value) => Format.quantity(value, series, true);
    const range = numbers.length
      ? `, between ${quantity(Math.min(...numbers))} and ${quantity(Math.max(...numbers))}`
      : "";
    const label = `${text}: ${values.length} commits around ${commit.short}${range}`;
    return draw(values, { first, here, steps: series.isExact, label });
  }

  return { draw, around };
})();
