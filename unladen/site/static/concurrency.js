/* Throughput, latency and efficiency against the negotiations in flight. */
"use strict";

((U) => {
  const { el, $ } = U;
  const view = U.site.views.concurrency;
  const pick = (number) => (number === null ? null : U.series[number]);
  const makespan = pick(view.makespan);
  const efficiency = pick(view.efficiency);

  const numberAt = (cell, position) => {
    const value = position >= 0 ? cell.values[position] : null;
    return typeof value === "number" ? value : null;
  };

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
    for (const panel of panels) {
      panel.draw(commit, before, position).catch((error) => U.complain($(panel.id), error));
    }
  }

  /** Lines over the numbers of negotiations, of this commit and the one before. */
  function lines(sizes, now, old, commit, before, text) {
    const isSame = now.every((value, n) => value === old[n]);
    const trace = (y, name, number, isNow) => ({
      type: "scatter",
      mode: "lines+markers",
      name: U.plotText(name),
      x: sizes,
      y,
      text: y.map(
        (value, n) =>
          `${sizes[n]} negotiations: ${value === null ? "" : U.plotText(text(value))}<br>${U.plotText(name)}`,
      ),
      hoverinfo: "text",
      line: {
        color: U.lineStyle(number).colour,
        dash: isNow ? "solid" : "dot",
        width: isNow ? 3 : 2,
      },
      marker: {
        symbol: isNow ? "circle" : "square-open",
        size: isNow ? 7 : 10,
        color: U.lineStyle(number).colour,
      },
    });
    const traces = before
      ? [trace(old, `before (${before.short})${isSame ? ", the same" : ""}`, 1, false)]
      : [];
    return [...traces, trace(now, commit.short, 0, true)];
  }

  const sizeAxis = (sizes) => U.sizeAxis(sizes, "negotiations at once");

  /** An axis of a series that shows 0. */
  const fromZero = (series, title) => (traces) => ({
    ...U.valueAxis(series, "linear", [...traces, { y: [0] }], title),
    rangemode: "tozero",
  });

  /** A panel of one series; `of(value, size)`: what is drawn; `ideal(sizes, values)`: a line to compare with. */
  function panel(id, title, series, axis, of, text, ideal) {
    const sizes = series.axes[0][1].map(Number);
    return {
      id,
      title,
      series,
      async draw(commit, before, position) {
        const values = await U.values(series);
        const at = (where) =>
          values.cells.map((cell, n) => {
            const value = numberAt(cell, where);
            return value === null ? null : of(value, sizes[n]);
          });
        const [now, old] = [at(position), at(position - 1)];
        U.plot($(id), `${title} at ${commit.short}`, () => {
          const traces = lines(sizes, now, old, commit, before, text);
          if (ideal) {
            traces.unshift({
              type: "scatter",
              mode: "lines",
              name: "perfect overlap",
              x: sizes,
              y: ideal(sizes, now),
              hoverinfo: "skip",
              line: { color: U.plotColour("--soft"), dash: "dash", width: 1 },
            });
          }
          return {
            traces,
            layout: { xaxis: sizeAxis(sizes), yaxis: axis(traces), showlegend: true },
          };
        });
      },
    };
  }

  function efficiencyPanel(id) {
    const [names, points] = [
      efficiency.axes.map(([name]) => name),
      efficiency.axes.map(([, p]) => p),
    ];
    const [over, slots, latency] = ["negotiations", "slots", "latency_s"].map((name) =>
      names.indexOf(name),
    );
    const middle = points[latency].includes("1.1") ? "1.1" : points[latency][0];
    const sizes = points[over].map(Number);
    return {
      id,
      title: `Efficiency at ${U.number(Number(middle), 3)} s a model call`,
      series: efficiency,
      async draw(commit, _before, position) {
        const values = await U.values(efficiency);
        U.plot($(id), `Critical path over makespan at ${commit.short}`, () => ({
          traces: points[slots].map((slot, line) => {
            const style = U.lineStyle(line);
            const y = points[over].map((size) => {
              const cell = efficiency.cells.findIndex(
                (c) => c[over] === size && c[slots] === slot && c[latency] === middle,
              );
              return numberAt(values.cells[cell], position);
            });
            return {
              type: "scatter",
              mode: "lines+markers",
              name: U.plotText(`${slot} slots`),
              x: sizes,
              y,
              text: y.map(
                (value, n) =>
                  `${sizes[n]} negotiations, ${U.plotText(slot)} slots: ${value === null ? "none" : U.number(value * 100, 3)} %`,
              ),
              hoverinfo: "text",
              line: { color: style.colour, dash: ["solid", "dash", "dot"][line % 3], width: 2 },
              marker: { symbol: style.symbol, size: 8, color: style.colour },
            };
          }),
          layout: {
            xaxis: sizeAxis(sizes),
            yaxis: {
              title: { text: "critical path / makespan" },
              tickmode: "array",
              tickvals: [0, 0.25, 0.5, 0.75, 1],
              ticktext: [0, 25, 50, 75, 100].map((percent) => `${percent} %`),
              range: [0, 1.05],
            },
            showlegend: true,
          },
        }));
      },
    };
  }

  const panels = [];
  if (makespan) {
    const perSecond = (value) => `${U.number(value, 4)} a virtual second`;
    const proportional = (sizes, values) =>
      sizes.map((size) => (values[0] === null ? null : (values[0] * size) / sizes[0]));
    panels.push(
      panel(
        "throughput",
        "Throughput",
        makespan,
        (traces) => U.valueAxis({ unit: "" }, "log", traces, "negotiations per virtual second"),
        (value, size) => size / value,
        perSecond,
        proportional,
      ),
      panel(
        "latency",
        "Time until all are done",
        makespan,
        fromZero(makespan, "virtual seconds"),
        (value) => value,
        (value) => U.quantity(value, makespan),
        (sizes, values) => sizes.map(() => values[0]),
      ),
    );
  }
  if (efficiency) panels.push(efficiencyPanel("efficiency"));
  for (const number of view.others) {
    const series = U.series[number];
    panels.push(
      panel(
        `other-${number}`,
        U.quantityName(series),
        series,
        fromZero(series),
        (value) => value,
        (value) => U.quantity(value, series),
      ),
    );
  }
  U.fill(
    $("plots"),
    panels.map(({ id, title, series }) =>
      el(
        "section",
        {},
        el("h2", {}, title),
        el("p", { class: "small soft" }, el("a", { href: U.seriesLink(series) }, series.shown)),
        el("div", { class: "plot low", id }),
      ),
    ),
  );
  U.onState(show);
})(window.Unladen);
