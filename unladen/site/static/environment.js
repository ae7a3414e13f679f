/* Machine, Python and packages, each environment once, and what varies from run to run. */
"use strict";

((U) => {
  const { el, $ } = U;
  const { environments, runs } = U.data("environment");
  const FIRST = 60;
  const LABELS = {
    machine: "Measured by",
    started: "Measured",
    load: "Load (1, 5, 15 min)",
    calibration: "Calibration",
    cpu: "CPU",
    os: "OS",
    asv_runner: "asv_runner",
    unladen: "Unladen",
    asv: "asv",
  };

  const label = (name) =>
    LABELS[name] || (name[0].toUpperCase() + name.slice(1)).replaceAll("_", " ");

  function text(name, value) {
    if (value === null || value === undefined) return "not recorded";
    if (name === "memory") return U.quantity(value, { unit: "bytes", kind: "sampled" });
    if (name === "load") return value.map((one) => one.toFixed(2)).join(", ");
    if (name === "started") return `${U.minute(value)} UTC`;
    if (name === "calibration")
      return (
        value
          .slice(1)
          .filter((one) => one !== null)
          .map(score)
          .join(", ") || "not run"
      );
    if (Array.isArray(value)) return value.map((one) => text("", one)).join(", ");
    if (typeof value === "number")
      return Number.isInteger(value) ? String(value) : U.number(value, 3);
    return typeof value === "object"
      ? Object.entries(value)
          .map(([key, one]) => `${key} ${text("", one)}`)
          .join(", ")
      : String(value);
  }

  const score = (seconds) => `${(seconds * 1e3).toFixed(2)} ms`;

  /** The calibration of each run, as a small plot over the commits. */
  function calibrations() {
    const scores = runs.map(([, , varying]) => {
      const known = (varying.calibration || []).slice(1).filter((one) => one !== null);
      return known.length ? known.reduce((sum, one) => sum + one, 0) / known.length : null;
    });
    const known = scores.filter((one) => one !== null);
    if (!known.length) {
      return el("p", { class: "soft" }, "How fast the host was is not recorded of any run.");
    }
    const range = `${score(Math.min(...known))} to ${score(Math.max(...known))}`;
    return [
      el("h2", {}, "Calibration"),
      el(
        "p",
        {},
        `CPU time of a fixed piece of work, the mean of before and after each run, over the commits: ${range}. More is a slower host.`,
      ),
      el(
        "div",
        { class: "wide" },
        U.spark(scores, {
          steps: false,
          label: `Calibration over ${U.plural(known.length, "run")}: ${range}`,
        }),
      ),
    ];
  }

  function section(facts, number) {
    const members = runs
      .filter(([, environment]) => environment === number)
      .map(([commit]) => U.commits[commit]);
    const [first, last] = [members[0], members[members.length - 1]];
    const rows = Object.entries(facts).flatMap(([name, value]) => [
      el("dt", {}, label(name)),
      el(
        "dd",
        {},
        name === "packages"
          ? Object.entries(value)
              .map(([key, version]) => `${key} ${version}`)
              .join(", ")
          : text(name, value),
      ),
    ]);
    return el(
      "section",
      {},
      el("h2", {}, environments.length > 1 ? `Environment ${number + 1}` : "Environment"),
      el(
        "p",
        { class: "small" },
        `${U.plural(members.length, "commit")}: `,
        U.commitLinkOf(first),
        first === last ? "" : [" to ", U.commitLinkOf(last)],
      ),
      el("dl", { class: "facts" }, el("dt", {}, "Machine"), el("dd", {}, U.site.machine), rows),
      number > 0 &&
        el(
          "p",
          {},
          `Differs from environment ${number}: ${differences(environments[number - 1], facts)}`,
        ),
    );
  }

  function differences(old, now) {
    const flat = (facts) =>
      Object.entries(facts).flatMap(([name, value]) =>
        name === "packages" ? Object.entries(value) : [[label(name), text(name, value)]],
      );
    const before = new Map(flat(old));
    const after = new Map(flat(now));
    const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
      (name) => before.get(name) !== after.get(name),
    );
    return (
      changed
        .map((name) => `${name} ${before.get(name) ?? "none"} → ${after.get(name) ?? "none"}`)
        .join("; ") || "in nothing that is shown"
    );
  }

  function runsTable() {
    const given = new Set(runs.flatMap(([, , varying]) => Object.keys(varying)));
    const names = ["machine", "started", "load", "calibration"].filter((name) => given.has(name));
    const newest = [...runs].reverse();
    const row = ([number, environment, varying]) => {
      const commit = U.commits[number];
      return el(
        "tr",
        {},
        el(
          "th",
          { scope: "row" },
          U.commitLinkOf(commit),
          " ",
          el("bdi", { class: "small" }, commit.subject),
        ),
        el(
          "td",
          { "data-label": "Environment", class: "number" },
          environment === null ? "not recorded" : String(environment + 1),
        ),
        names.map((name) =>
          el(
            "td",
            { "data-label": label(name), class: "number" },
            varying[name] === undefined ? "" : text(name, varying[name]),
          ),
        ),
      );
    };
    const body = el("tbody", {}, newest.slice(0, FIRST).map(row));
    const heads = [
      el("th", { scope: "col" }, "Commit"),
      el("th", { scope: "col", class: "number" }, "Environment"),
      ...names.map((name) => el("th", { scope: "col", class: "number" }, label(name))),
    ];
    const table = el("table", { class: "stack" }, el("thead", {}, el("tr", {}, heads)), body);
    const left = newest.slice(FIRST);
    const button =
      left.length > 0 &&
      el(
        "button",
        {
          type: "button",
          on: {
            click: () => {
              body.append(...left.map(row));
              button.remove();
            },
          },
        },
        `Show ${left.length} more`,
      );
    U.fill($("runs"), el("div", { class: "scroll" }, table), button);
  }

  U.fill(
    $("environments"),
    environments.length
      ? environments.map(section)
      : el(
          "p",
          { class: "notice" },
          "No run has a record of its environment: plain asv writes none.",
        ),
  );
  U.fill($("calibrations"), calibrations());
  runsTable();
})(window.Unladen);
