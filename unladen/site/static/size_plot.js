/* Plots against a size, on a logarithmic axis: a commit and the one measured before it. */
"use strict";

const SizePlot = (() => {
  /** What a plot shows. `sizes` ascend; `what`: the sizes' word, "agents"; `now` and `old`: the
      figures at the commit and before; `text`: a figure for people; `y`: its axis; `ideal`: a line to
      compare with.
      @typedef {{sizes: number[], what: string, axisTitle?: string,
                 now: (number | null)[], old: (number | null)[], text: (value: number) => string,
                 y: PlotAxis, ideal?: (number | null)[]}} Shown */

  /** The numbers of a series' first parameter.
      @param {Series} series */
  const sizesOf = (series) => series.axes[0][1].map(Number);

  /** @param {HTMLElement} container @param {string} title @param {ChosenCommits} chosen
      @param {Shown} shown */
  function draw(container, title, { commit, before }, shown) {
    const { sizes, what, axisTitle = what, now, old, ideal, text, y } = shown;
    const isSame = now.every((value, n) => value === old[n]);
    /** @type {PlotLine[]} */
    const lines = [];
    if (ideal) lines.push({ name: "perfect overlap", style: 7, look: "ideal", x: sizes, y: ideal });
    /** @param {(number | null)[]} figures @param {string} name @param {boolean} isNow */
    const add = (figures, name, isNow) =>
      lines.push({
        name,
        style: isNow ? 0 : 1,
        look: isNow ? "main" : "before",
        x: sizes,
        y: figures,
        symbols: "all",
        said: (n) => textOf(figures[n], text),
      });
    if (before) {
      const word = Commits.position(before) < Commits.position(commit) ? "before" : "after";
      add(old, `${word} (${before.short})${isSame ? ", the same" : ""}`, false);
    }
    add(now, commit.short, true);
    Plots.draw(container, `${title} at ${commit.short}`, {
      what,
      x: Axes.sizes(sizes, axisTitle),
      y,
      lines,
      about: (_, n) => ({ title: `${sizes[n]} ${what}` }),
    });
  }

  /** @param {number | null} value @param {(value: number) => string} text */
  const textOf = (value, text) => (value === null ? "" : text(value));

  return { sizesOf, draw };
})();
