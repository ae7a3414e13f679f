/* Plots against a size, on a logarithmic axis: a commit and the one measured before it. */
"use strict";

const SizePlot = (() => {
  /** What a plot shows. `sizes` ascend; `what`: the sizes' word, "agents"; `now` and `old`: the
      figures at the commit and before; `text`: a figure for people; `yaxis`: made of the traces;
      `ideal`: a line to compare with.
      @typedef {{sizes: number[], what: string, axisTitle?: string,
                 now: (number | null)[], old: (number | null)[], text: (value: number) => string,
                 yaxis: (traces: Trace[]) => PlotOptions, ideal?: (number | null)[]}} Shown */

  /** The numbers of a series' first parameter.
      @param {Series} series */
  const sizesOf = (series) => series.axes[0][1].map(Number);

  /** @param {HTMLElement} container @param {string} title @param {ChosenCommits} chosen
      @param {Shown} shown */
  function draw(container, title, { commit, before }, shown) {
    const { sizes, what, axisTitle = what, now, old, ideal } = shown;
    const isSame = now.every((value, n) => value === old[n]);
    Plots.draw(container, `${title} at ${commit.short}`, () => {
      /** @type {Trace[]} */
      const traces = ideal ? [idealLine(sizes, ideal)] : [];
      const same = isSame ? ", the same" : "";
      if (before) {
        const word = Commits.position(before) < Commits.position(commit) ? "before" : "after";
        traces.push(line(shown, old, `${word} (${before.short})${same}`, false));
      }
      traces.push(line(shown, now, commit.short, true));
      return {
        traces,
        layout: { xaxis: Axes.sizes(sizes, axisTitle), yaxis: shown.yaxis(traces) },
      };
    });
  }

  /** @param {Shown} shown @param {(number | null)[]} figures @param {string} name
      @param {boolean} isNow @returns {Trace} */
  function line({ sizes, what, text }, figures, name, isNow) {
    const { colour } = Plots.lineStyle(isNow ? 0 : 1);
    return {
      type: "scatter",
      mode: "lines+markers",
      name: Plots.escaped(name),
      x: sizes,
      y: figures,
      text: figures.map((value, n) => {
        const figure = value === null ? "" : text(value);
        return `${Plots.escaped(`${sizes[n]} ${what}: ${figure}`)}<br>${Plots.escaped(name)}`;
      }),
      hoverinfo: "text",
      connectgaps: false,
      line: { color: colour, dash: isNow ? "solid" : "dot", width: isNow ? 3 : 2 },
      marker: {
        symbol: isNow ? "circle" : "square-open",
        size: isNow ? 7 : 10,
        color: colour,
      },
    };
  }

  /** @param {number[]} sizes @param {(number | null)[]} figures @returns {Trace} */
  const idealLine = (sizes, figures) => ({
    type: "scatter",
    mode: "lines",
    name: "perfect overlap",
    x: sizes,
    y: figures,
    hoverinfo: "skip",
    line: { color: Plots.colour("--soft"), dash: "dash", width: 1 },
  });

  return { sizesOf, draw };
})();
