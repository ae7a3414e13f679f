/* Loads that are kept: users, requests and latencies over the time of each. */
"use strict";

(() => {
  const { el, $, fill } = Elements;
  const { loads } = Unladen.data("loads");
  const SECONDS = { unit: "seconds", kind: "sampled" };

  /** Columns of the table of figures: what each is called, and its figure.
      @type {[head: string, figure: string][]} */
  const COLUMNS = [
    ["requests", "requests"],
    ["errors", "error_rate"],
    ["p50", "latency.p50"],
    ["p95", "latency.p95"],
    ["p99", "latency.p99"],
    ["longest", "latency.max"],
    ["first token p50", "first_token.p50"],
    ["first token p95", "first_token.p95"],
  ];

  /** Figures that are told of a load as a whole, and what each is called.
      @type {[term: string, figure: string][]} */
  const FACTS = [
    ["Most users at once", "most_users"],
    ["Requests a second", "requests_per_s"],
    ["Right, or refused in order", "available_rate"],
    ["Recovered after the peak within", "recovery_s"],
    ["Calls of the model", "facts.model_calls"],
    ["of them refused by its provider", "facts.model_refused"],
    ["Connections left", "facts.connections_left"],
    ["Sessions left", "facts.sessions_left"],
    ["Answered and not stored", "facts.lost"],
    ["Users without an error", "capacity.users"],
    ["too many", "capacity.failing_users"],
    ["by the formula", "formula.users"],
  ];

  /** @typedef {[at: number, value: number | null]} Point */

  /** @param {LoadData} load @param {string} figure */
  function textOf({ figures }, figure) {
    const found = figures[figure];
    if (!found) return "";
    const [value, unit] = found;
    if (value === null) return "never";
    if (unit === "fraction") return `${Format.significant(value * 100, 3)} %`;
    return Format.quantity(value, { unit, kind: "sampled" });
  }

  /** @param {AddressState} state */
  function show(state) {
    const load = loads.find(({ name }) => name === state.subject) || loads[0];
    const names = loads.map(({ name, profile }) => [
      name,
      name === profile ? name : `${name} (${profile})`,
    ]);
    Elements.keepingFocus(() =>
      fill(
        $("choices"),
        Choices.of("load", "Load", names, load.name, (name) => {
          Address.write({ subject: name });
          show({ subject: name });
        }),
      ),
    );
    about(load);
    fill($("figures"), table(load));
    plots(load);
  }

  /** @param {LoadData} load */
  function about(load) {
    const commit = Commits.find(load.commit);
    const facts = FACTS.filter(([, figure]) => load.figures[figure]);
    fill(
      $("about"),
      load.trouble && el("p", { class: "notice" }, `It broke off: ${load.trouble}`),
      el(
        "dl",
        { class: "facts" },
        el("dt", {}, "Commit"),
        el("dd", {}, commit ? Marks.commitLink(commit) : load.commit.slice(0, 8)),
        el("dt", {}, "Kind"),
        el(
          "dd",
          {},
          load.exact
            ? `virtual: exact, ${Format.quantity(load.seconds, SECONDS)} of virtual time`
            : `a real process: samples, ${Format.quantity(load.seconds, SECONDS)}`,
        ),
        facts.map(([term, figure]) => [el("dt", {}, term), el("dd", {}, textOf(load, figure))]),
      ),
      Command.shown(load.command, "repeat this load"),
    );
  }

  /** @param {LoadData} load */
  function table(load) {
    const kinds = [...load.kinds.map((kind) => [kind, `${kind}.`]), ["all", ""]];
    const rows = kinds.map(([name, prefix]) =>
      el(
        "tr",
        {},
        el("th", { scope: "row" }, name),
        COLUMNS.map(([head, figure]) =>
          el("td", { class: "number", "data-label": head }, textOf(load, prefix + figure) || "–"),
        ),
      ),
    );
    const heads = ["", ...COLUMNS.map(([head]) => `#${head}`)];
    return Tables.stacked(heads, el("tbody", {}, rows), {
      caption: el("caption", {}, "By kind of request; latencies are of right replies"),
    });
  }

  /** @param {number} number @param {string} name @param {[number, number | null][]} points
      @param {(value: number) => string} text @returns {PlotLine} */
  function line(number, name, points, text) {
    return {
      name,
      style: number,
      x: points.map(([at]) => at),
      y: points.map(([, value]) => value),
      isStepped: true,
      said(n) {
        const value = points[n][1];
        return value === null ? "" : text(value);
      },
    };
  }

  /** @param {string} id @param {string} label @param {Quantity} quantity
      @param {PlotLine[]} lines */
  function plot(id, label, quantity, lines) {
    Plots.draw($(id), label, {
      what: "Second",
      x: Axes.seconds(Math.max(...lines.flatMap(({ x }) => x))),
      y: Axes.values(quantity, { fromZero: true }),
      lines,
      about: ({ x }, n) => ({ title: `at ${Format.significant(x[n], 4)} s` }),
    });
  }

  /** @param {LoadData} load */
  function plots({ name, users, periods, seconds }) {
    const last = users.length ? users[users.length - 1][1] : 0;
    /** @type {[number, number][]} */
    const steps = [...users, [seconds, last]];
    const number = (/** @type {number} */ value) => Format.significant(value, 4);
    const time = (/** @type {number} */ value) => Format.quantity(value, SECONDS);
    plot("users", `Users at once over ${name}`, { unit: "users" }, [
      line(0, "users", steps, number),
    ]);
    const ended = periods.map(([at, requests]) => /** @type {Point} */ ([at, requests]));
    const failed = periods.map(([at, , failed]) => /** @type {Point} */ ([at, failed]));
    plot("requests", `Requests that ended over ${name}`, { unit: "requests" }, [
      line(0, "ended in 5 s", ended, number),
      line(1, "failed in 5 s", failed, number),
    ]);
    /** @param {3 | 4 | 5 | 6} column */
    const points = (column) => periods.map((one) => /** @type {Point} */ ([one[0], one[column]]));
    /** @param {string} id @param {string} label @param {PlotLine[]} lines */
    const durations = (id, label, lines) => plot(id, `${label} over ${name}`, SECONDS, lines);
    const [p50, p95] = [line(0, "p50", points(3), time), line(1, "p95", points(4), time)];
    durations("latency", "Latency", [p50, p95]);
    $("first").hidden = periods.every((one) => one[5] === null);
    if ($("first").hidden) return;
    const first = [line(0, "p50", points(5), time), line(1, "p95", points(6), time)];
    durations("first-token", "Time to the first token", first);
  }

  Address.follow(show);
})();
