/* Quantities against the number of agents, for a commit and the one before, and their exponents. */
"use strict";

((U) => {
  const { el, $ } = U;
  const view = U.site.views.scaling;
  const quantities = view.quantities.map(({ series, exponents }) => ({
    series: U.series[series],
    agents: U.series[series].axes[0][1].map(Number),
    exponents,
  }));

  function show(state) {
    const { commit, before, position } = U.chosenCommits(state);
    const choose = (hash) => {
      const next = { subject: hash };
      U.writeState(next);
      show(next);
    };
    const hadFocus = document.activeElement && document.activeElement.id === "commit";
    U.fill($("choices"), U.commitChoice("commit", "Commit", commit, choose));
    if (hadFocus) $("commit").focus();
    for (const quantity of quantities) plotQuantity(quantity, commit, before, position);
    table(commit, before, position).catch((error) => U.complain($("exponents"), error));
  }

  const numberAt = (cell, position) => {
    const value = position >= 0 ? cell.values[position] : null;
    return typeof value === "number" ? value : null;
  };

  async function plotQuantity({ series, agents }, commit, before, position) {
    const place = $(`plot-${series.number}`);
    let values;
    try {
      values = await U.values(series);
    } catch (error) {
      U.complain(place, error);
      return;
    }
    const at = (where) => values.cells.map((cell) => numberAt(cell, where));
    const now = at(position);
    const old = at(position - 1);
    const isLog = [...now, ...old].every((value) => value === null || value > 0);
    const isSame = now.every((value, n) => value === old[n]);
    U.plot(place, `${series.name} against agents at ${commit.short}`, () => {
      const trace = (y, name, style, width) => ({
        type: "scatter",
        mode: "lines+markers",
        name: U.plotText(name),
        x: agents,
        y,
        text: y.map(
          (value, n) =>
            `${agents[n]} agents: ${value === null ? "" : U.plotText(U.quantity(value, series))}<br>${U.plotText(name)}`,
        ),
        hoverinfo: "text",
        connectgaps: false,
        line: { color: style.colour, dash: width > 2 ? "solid" : "dot", width },
        marker: {
          symbol: width > 2 ? "circle" : "square-open",
          size: width > 2 ? 7 : 10,
          color: style.colour,
        },
      });
      const traces = [];
      if (before)
        traces.push(
          trace(old, `before (${before.short})${isSame ? ", the same" : ""}`, U.lineStyle(1), 2),
        );
      traces.push(trace(now, commit.short, U.lineStyle(0), 3));
      return {
        traces,
        layout: {
          xaxis: U.sizeAxis(agents, "agents"),
          yaxis: U.valueAxis(series, isLog ? "log" : "linear", traces),
          showlegend: true,
        },
      };
    });
  }

  /** The exponent of least squares on the logarithms; null without two positive values. */
  function fitted(sizes, values) {
    const points = sizes
      .map((size, n) => [Math.log(size), values[n]])
      .filter(([, v]) => v !== null && v > 0)
      .map(([x, v]) => [x, Math.log(v)]);
    if (points.length < 2) return null;
    const mean = (k) => points.reduce((sum, point) => sum + point[k], 0) / points.length;
    const [mx, my] = [mean(0), mean(1)];
    const spread = points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
    return points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0) / spread;
  }

  async function exponentOf({ series, agents, exponents }, position) {
    if (exponents) {
      const values = await U.values(U.series[exponents[0]]);
      return numberAt(values.cells[exponents[1]], position);
    }
    const values = await U.values(series);
    return fitted(
      agents,
      values.cells.map((cell) => numberAt(cell, position)),
    );
  }

  async function table(commit, before, position) {
    const rows = await Promise.all(
      quantities.map(async (quantity) => {
        const [now, old] = await Promise.all([
          exponentOf(quantity, position),
          exponentOf(quantity, position - 1),
        ]);
        const { series, agents } = quantity;
        const values = await U.values(series);
        const ends = [0, agents.length - 1].map((cell) => numberAt(values.cells[cell], position));
        const text = (value) => (value === null ? "–" : value.toFixed(2));
        return el(
          "tr",
          {},
          el(
            "th",
            { scope: "row" },
            el("a", { href: U.seriesLink(series) }, U.quantityName(series)),
          ),
          ...ends.map((value, n) =>
            el(
              "td",
              { class: "number", "data-label": `${agents[n ? agents.length - 1 : 0]} agents` },
              value === null ? "–" : U.quantity(value, series, true),
            ),
          ),
          el("td", { class: "number", "data-label": "Exponent" }, text(now)),
          el("td", { class: "number", "data-label": "Before" }, text(old)),
          el("td", { class: "small soft" }, quantity.exponents ? "" : "fitted on this page"),
        );
      }),
    );
    const agents = quantities[0].agents;
    const head = [
      "Quantity",
      `${agents[0]} agents`,
      `${agents[agents.length - 1]} agents`,
      "Exponent",
      before ? `At ${before.short}` : "Before",
      "",
    ];
    U.fill(
      $("exponents"),
      el(
        "div",
        { class: "scroll" },
        el(
          "table",
          { class: "stack" },
          el("caption", {}, `At ${commit.short}, ${commit.subject}`),
          el(
            "thead",
            {},
            el(
              "tr",
              {},
              head.map((text, n) =>
                el(
                  text ? "th" : "td",
                  { scope: text ? "col" : null, class: n && text ? "number" : null },
                  text,
                ),
              ),
            ),
          ),
          el("tbody", {}, rows),
        ),
      ),
    );
  }

  async function history() {
    if (!view.exponents.length) return;
    const series = U.series[view.exponents[0]];
    $("history").hidden = false;
    const values = await U.values(series);
    U.plot(
      $("exponent-plot"),
      `${series.shown}, the exponents over ${U.plural(U.measured.length, "commit")}`,
      () => ({
        traces: values.cells.map((cell, line) => {
          const style = U.lineStyle(line);
          const x = cell.values.map((_, position) => position);
          const name = U.cellText(series, line);
          return {
            type: "scatter",
            mode: "lines+markers",
            name: U.plotText(name.replaceAll("_", " ")),
            x,
            y: cell.values.map((value) => (typeof value === "number" ? value : null)),
            customdata: x,
            text: cell.values.map((value, position) =>
              U.commitHover(
                position,
                `${name}: ${typeof value === "number" ? value.toFixed(3) : U.readingText(value, series)}`,
              ),
            ),
            hoverinfo: "text",
            line: { color: style.colour, dash: style.dash, shape: "hv", width: 2 },
            marker: { symbol: style.symbol, size: 4, color: style.colour },
          };
        }),
        layout: {
          xaxis: U.commitAxis(),
          yaxis: { title: { text: "exponent" } },
          showlegend: true,
        },
      }),
      (position) => (location.href = U.commitLink(U.commitAt(position))),
    );
  }

  U.fill(
    $("quantities"),
    quantities.map(({ series }) =>
      el(
        "section",
        {},
        el("h2", {}, U.quantityName(series)),
        el("div", { class: "plot low", id: `plot-${series.number}` }),
      ),
    ),
  );
  U.onState(show);
  history().catch((error) => U.complain($("history"), error));
})(window.Unladen);
