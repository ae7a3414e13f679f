/* Small plots in a line of text: one cell around one commit. */
"use strict";

((U) => {
  const SVG = "http://www.w3.org/2000/svg";
  const WIDTH = 200;
  const HEIGHT = 40;
  const PAD = 3;

  function shape(name, properties, ...children) {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(properties)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  }

  /** A plot of values by position (see `Unladen.values`), from `first` on. `here`: the position
      that is marked, or -1; `label`: what it shows, for those who do not see it. */
  U.spark = (values, { first = 0, here = -1, steps = true, label = "" }) => {
    const numbers = values.map(U.figureOf).filter((value) => value !== null);
    const [low, high] = numbers.length ? [Math.min(...numbers), Math.max(...numbers)] : [0, 1];
    const middle = low === high;
    const x = (index) => PAD + ((WIDTH - 2 * PAD) * index) / Math.max(values.length - 1, 1);
    const y = (value) =>
      middle ? HEIGHT / 2 : HEIGHT - PAD - ((HEIGHT - 2 * PAD) * (value - low)) / (high - low);
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
      if (U.isWrong(value)) {
        const [cx, cy] = [x(index), y(U.figureOf(value))];
        picture.append(shape("circle", { class: "wrong", cx, cy, r: 2.5 }));
      }
      if (U.isFailure(value)) {
        const at = x(index);
        picture.append(
          shape("path", {
            class: "fail",
            d: `M${at - 2},${HEIGHT - 7}l4,6m-4,0l4,-6`,
          }),
        );
      }
    });
    return picture;
  };

  function path(values, x, y, steps) {
    let line = "";
    let pen = false;
    values.forEach((value, index) => {
      if (typeof value !== "number") {
        pen = false;
        return;
      }
      const at = `${x(index).toFixed(1)},${y(value).toFixed(1)}`;
      if (!pen) line += `M${at}h0.01`;
      else line += steps ? `H${x(index).toFixed(1)}V${y(value).toFixed(1)}` : `L${at}`;
      pen = true;
    });
    return line;
  }

  /** The plot of a cell around a commit, `around` positions to both sides. */
  U.sparkAround = (cell, commit, around, series, text) => {
    const here = U.position(commit);
    const first = Math.max(here - around, 0);
    const values = cell.values.slice(first, here + around + 1);
    const numbers = values.map(U.figureOf).filter((value) => value !== null);
    const range = numbers.length
      ? `, between ${U.quantity(Math.min(...numbers), series, true)} and ${U.quantity(Math.max(...numbers), series, true)}`
      : "";
    const label = `${text}: ${values.length} commits around ${commit.short}${range}`;
    return U.spark(values, { first, here, steps: series.isExact, label });
  };
})(window.Unladen);
