/* Commands that measure a commit, and reproduce one of its changes. */
"use strict";

const Reproduce = (() => {
  const { el } = Elements;
  const program = `unladen --target ${Format.shell(Unladen.data("site").target)}`;

  /** @param {Commit} commit */
  const shortHash = (commit) => commit.hash.slice(0, 12);

  /** The command that measures a commit.
      @param {Commit} commit */
  const measureIt = (commit) =>
    Command.shown(`${program} run ${shortHash(commit)}^!`, "measure this commit");

  /** The command that says what a commit's differences are made of.
      @param {Commit} commit */
  const explain = (commit) => `${program} explain ${shortHash(commit)}`;

  /** Commands for one series, chosen among those that changed.
      @param {Commit} commit @param {Change[]} changes */
  function section(commit, changes) {
    const bySeries = new Map(changes.map((change) => [change.series.name, change]));
    const names = [...bySeries.values()].map(({ series }) => [series.name, series.shown]);
    const box = el("div");
    /** @param {string} name */
    const show = (name) => {
      const change = bySeries.get(name);
      if (!change) return;
      Elements.fill(
        box,
        commandsFor(change, commit).map(([text, command]) => [
          el("p", { class: "small soft" }, text),
          Command.shown(command, text),
        ]),
      );
    };
    const [[first]] = names;
    const choice = Choices.of("reproduce-series", "Series", names, first, show);
    show(first);
    return el(
      "section",
      {},
      el("h2", {}, "Reproduce"),
      el("div", { class: "controls" }, choice),
      box,
    );
  }

  /** @param {Change} change @param {Commit} commit
      @returns {[text: string, command: string][]} */
  function commandsFor(change, commit) {
    const { series, cell } = change;
    const only = `--series ${Format.shell(`^${Format.literal(series.shown)}$`)}`;
    const hash = shortHash(commit);
    const suspect = Commits.position(change.firstSuspect);
    const position = suspect >= 0 ? suspect : Commits.position(commit);
    /** @type {[text: string, command: string][]} */
    const commands = [];
    if (change.state === "suspected") {
      commands.push([
        "Measure both commits side by side, and keep the verdict",
        `${program} confirm ${hash} ${only}`,
      ]);
    }
    if (position > 0) {
      const before = shortHash(Commits.at(position - 1));
      const text = AllSeries.cellText(series, cell);
      const quoted = Format.shell(text ? `${series.shown}(${text})` : series.shown);
      commands.push(
        [
          "Compare with the commit before, as for a pull request",
          `${program} gate ${before} ${hash} ${only}`,
        ],
        [
          "Find the first commit with the change",
          `${program} bisect ${quoted} ${before} ${shortHash(change.lastSuspect)}`,
        ],
      );
    }
    commands.push(["All that this commit changed, as text", `${program} changes ${hash} --all`]);
    return commands;
  }

  return { measureIt, explain, section };
})();
