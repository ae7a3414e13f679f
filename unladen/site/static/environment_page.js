/* Machine, Python and packages, each environment once, and what varies from run to run. */
"use strict";

(() => {
  const { el, $, fill } = Elements;
  const { environments, runs } = Unladen.data("environment");
  const site = Unladen.data("site");
  const FIRST = 60;
  /** @type {Record<string, string>} */
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

  /** @param {string} name */
  const label = (name) =>
    LABELS[name] || (name[0].toUpperCase() + name.slice(1)).replaceAll("_", " ");

  /** @param {Fact | undefined} value @returns {string} */
  function text(value) {
    if (value === null || value === undefined) return "not recorded";
    if (typeof value === "number") {
      return Number.isInteger(value) ? String(value) : Format.significant(value, 3);
    }
    if (Array.isArray(value)) return value.map(text).join(", ");
    if (typeof value !== "object") return value;
    const parts = Object.entries(value).map(([name, one]) => `${name} ${text(one)}`);
    return parts.join(", ");
  }

  /** The text of a fact of an environment.
      @param {string} name @param {Fact} value */
  const factText = (name, value) =>
    name === "memory" && typeof value === "number"
      ? Format.quantity(value, { unit: "bytes", kind: "sampled" })
      : text(value);

  /** @param {number} seconds */
  const score = (seconds) => `${(seconds * 1e3).toFixed(2)} ms`;

  /** The scores of a run's calibration, before and after it.
      @param {RunFacts} facts */
  const scoresOf = ({ calibration }) =>
    calibration ? [calibration[1], calibration[2]].filter(Readings.isNumber) : [];

  /** What varies, by name, where a run has it.
      @type {Record<string, (facts: RunFacts) => string>} */
  const VARYING = {
    machine: ({ machine }) => machine ?? "",
    carried: ({ carried }) => carried ?? "",
    started: ({ started }) => (started === undefined ? "" : `${Format.minute(started)} UTC`),
    load: ({ load }) => load?.map((one) => one.toFixed(2)).join(", ") ?? "not recorded",
    calibration: (facts) => scoresOf(facts).map(score).join(", ") || "not run",
  };

  /** The calibration of each run, as a small plot over the commits. */
  function calibrations() {
    const means = runs.map(([, , facts]) => {
      const scores = scoresOf(facts);
      return scores.length ? scores.reduce((sum, one) => sum + one, 0) / scores.length : null;
    });
    const known = means.filter(Readings.isNumber);
    if (!known.length) {
      return el("p", { class: "soft" }, "How fast the host was is not recorded of any run.");
    }
    const range = `${score(Math.min(...known))} to ${score(Math.max(...known))}`;
    const spark = Spark.draw(means, {
      steps: false,
      label: `Calibration over ${Format.plural(known.length, "run")}: ${range}`,
    });
    return [
      el("h2", {}, "Calibration"),
      el(
        "p",
        {},
        `CPU time of a fixed piece of work, the mean of before and after each run, over the commits: ${range}. More is a slower host.`,
      ),
      el("div", { class: "wide" }, spark),
    ];
  }

  /** @param {Record<string, Fact>} facts @param {number} number */
  function section(facts, number) {
    const members = runs
      .filter(([, environment]) => environment === number)
      .map(([commit]) => Commits.all[commit]);
    const [first, last] = [members[0], members[members.length - 1]];
    const rows = Object.entries(facts).map(([name, value]) => [
      el("dt", {}, label(name)),
      el("dd", {}, factText(name, value)),
    ]);
    const { machine } = site;
    return el(
      "section",
      {},
      el("h2", {}, environments.length > 1 ? `Environment ${number + 1}` : "Environment"),
      el(
        "p",
        { class: "small" },
        `${Format.plural(members.length, "commit")}: `,
        Marks.commitLink(first),
        first !== last && [" to ", Marks.commitLink(last)],
      ),
      el("dl", { class: "facts" }, el("dt", {}, "Machine"), el("dd", {}, machine), rows),
      number > 0 &&
        el(
          "p",
          {},
          `Differs from environment ${number}: ${differences(environments[number - 1], facts)}`,
        ),
    );
  }

  /** The texts of facts by their labels, of packages one by one.
      @param {Record<string, Fact>} facts */
  function flat(facts) {
    const { packages, ...others } = facts;
    const versions = packages && typeof packages === "object" ? Object.entries(packages) : [];
    return new Map([
      ...Object.entries(others).map(
        /** @returns {[string, string]} */ ([name, value]) => [label(name), factText(name, value)],
      ),
      ...versions.map(/** @returns {[string, string]} */ ([name, value]) => [name, text(value)]),
    ]);
  }

  /** @param {Record<string, Fact>} old @param {Record<string, Fact>} now */
  function differences(old, now) {
    const [before, after] = [flat(old), flat(now)];
    return (
      [...new Set([...before.keys(), ...after.keys()])]
        .filter((name) => before.get(name) !== after.get(name))
        .map((name) => `${name} ${before.get(name) ?? "none"} → ${after.get(name) ?? "none"}`)
        .join("; ") || "in nothing that is shown"
    );
  }

  function runsTable() {
    const given = new Set(runs.flatMap(([, , facts]) => Object.keys(facts)));
    const names = Object.keys(VARYING).filter((name) => given.has(name));
    const newest = [...runs].reverse();
    /** @param {typeof runs[number]} run */
    const row = ([number, environment, facts]) => {
      const commit = Commits.all[number];
      /** @param {string} title @param {string} value */
      const cell = (title, value) => el("td", { "data-label": title, class: "number" }, value);
      return el(
        "tr",
        {},
        el(
          "th",
          { scope: "row" },
          Marks.commitLink(commit),
          " ",
          el("bdi", { class: "small" }, commit.subject),
        ),
        cell("Environment", environment === null ? "not recorded" : String(environment + 1)),
        names.map((name) => cell(label(name), name in facts ? VARYING[name](facts) : "")),
      );
    };
    const body = el("tbody", {}, newest.slice(0, FIRST).map(row));
    const heads = ["Commit", "#Environment", ...names.map((name) => `#${label(name)}`)];
    const left = newest.slice(FIRST);
    const button = Tables.more(`Show ${left.length} more`, () => {
      body.append(...left.map(row));
      button.remove();
    });
    fill($("runs"), Tables.stacked(heads, body), left.length > 0 && button);
  }

  /** Every machine and environment that the target was measured on. */
  function sourcesTable() {
    const rows = site.sources.map(([name, commits, way]) => {
      const isHere = name === `${site.machine} (${site.environment})`;
      const beside = Address.hashOf({ subject: "..", beside: name });
      const isBeside = site.elsewhere.some(([other]) => other === name);
      return el(
        "tr",
        {},
        el(
          "th",
          { scope: "row" },
          way === null || isHere ? name : el("a", { href: `${site.top}${way}index.html` }, name),
          isHere && el("span", { class: "soft" }, " shown here"),
        ),
        el("td", { "data-label": "Commits", class: "number" }, commits),
        el("td", {}, isBeside && el("a", { href: `compare.html${beside}` }, "lay beside this one")),
      );
    });
    const heads = ["Machine and environment", "#Commits", ""];
    const table = Tables.stacked(heads, el("tbody", {}, rows));
    fill($("sources"), el("h2", {}, "Where it was measured"), table);
  }

  const none = "No run has a record of its environment: plain asv writes none.";
  fill(
    $("environments"),
    environments.length ? environments.map(section) : el("p", { class: "notice" }, none),
  );
  fill($("calibrations"), calibrations());
  sourcesTable();
  runsTable();
})();
