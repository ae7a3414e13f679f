/* One commit: every change of it, how to reproduce it, and who repaired it. */
"use strict";

((U) => {
  const { el, $ } = U;
  const AROUND = 15;
  const CELLS = 2;

  function show(state) {
    const commit = state.subject ? U.findCommit(state.subject) : U.commitAt(U.measured.length - 1);
    if (!commit) {
      $("heading").textContent = "No such commit";
      U.fill(
        $("commit"),
        el(
          "p",
          {},
          `${state.subject} is no commit of this history. `,
          el("a", { href: "index.html" }, "All commits"),
        ),
      );
      return;
    }
    document.title = `${U.site.target}: ${commit.short} ${commit.subject}`;
    U.fill($("heading"), el("bdi", {}, commit.subject));
    const body = el("div", {});
    U.fill($("commit"), head(commit), neighbours(commit), body);
    if (!commit.isMeasured) {
      body.append(
        el(
          "p",
          { class: "notice" },
          "This commit was not measured. A change that it made is shown at the next commit that was.",
        ),
        measureIt(commit),
      );
    } else if (!commit.summary) {
      body.append(el("p", { class: "notice" }, "No series changed at this commit."));
    } else {
      load(commit, body);
    }
  }

  function head(commit) {
    const link = U.site.links.commit;
    const facts = [
      [
        "Commit",
        [
          el("span", { class: "hash" }, commit.hash),
          link && " ",
          link && el("a", { href: link + commit.hash, rel: "noreferrer" }, "diff"),
        ],
      ],
      ["Author", [el("bdi", {}, commit.author)]],
      ["Date", [el("time", { datetime: U.day(commit.date) }, `${U.minute(commit.date)} UTC`)]],
    ];
    if (commit.failing)
      facts.push([
        "Failing",
        [U.plural(commit.failing, "value has failed here", "values have failed here")],
      ]);
    if (commit.wrong)
      facts.push([
        "Wrong",
        [U.plural(commit.wrong, "value is of a wrong outcome", "values are of wrong outcomes")],
      ]);
    const views = U.site.pages.filter((page) =>
      ["scaling", "concurrency", "latency", "faults"].includes(page),
    );
    if (commit.isMeasured && views.length) {
      const links = views.map((page) => el("a", { href: `${page}.html#${commit.hash}` }, page));
      facts.push(["See also", links.flatMap((link, n) => (n ? [" · ", link] : [link]))]);
    }
    const marks = U.countMarks(commit);
    if (marks.length) facts.push(["Series", [el("span", { class: "chips" }, marks)]]);
    return el(
      "dl",
      { class: "facts" },
      facts.flatMap(([term, value]) => [el("dt", {}, term), el("dd", {}, value.filter(Boolean))]),
    );
  }

  function neighbours(commit) {
    const older = U.commits[commit.number - 1];
    const newer = U.commits[commit.number + 1];
    const link = (other, text) =>
      other && el("a", { href: U.commitLink(other), title: other.subject }, text);
    const links = [link(older, "← older"), link(newer, "newer →")].filter(Boolean);
    return el(
      "p",
      { class: "small" },
      links.flatMap((one, n) => (n ? [" · ", one] : [one])),
    );
  }

  async function load(commit, body) {
    const chunk = Math.floor(commit.number / U.site.chunk);
    try {
      const data = await U.load(`changes-${chunk}`);
      const items = (data.commits[commit.number] || []).map((item) => ({
        isMinor: Boolean(item.minor),
        changes: item.changes.map((row) => U.change(row, data.reasons)),
      }));
      showItems(commit, items, body);
    } catch (error) {
      U.complain(body, error);
    }
  }

  function showItems(commit, items, body) {
    const isNone = (item) => U.dismissed.has(item.changes[0].state);
    const groups = [
      ["Changes", "", items.filter((item) => !item.isMinor && !isNone(item))],
      [
        "Minor changes",
        "Below half a per cent of work or memory, or 0.05 of an exponent.",
        items.filter((item) => item.isMinor && !isNone(item)),
      ],
      [
        "Not this commit's",
        "The host changed its speed at the same time (host), the level moved slowly over many commits (drift), or measuring side by side showed no change (cleared).",
        items.filter(isNone),
      ],
    ];
    for (const [title, explained, members] of groups) {
      if (!members.length) continue;
      body.append(el("h2", {}, title));
      if (explained) body.append(el("p", { class: "soft" }, explained));
      body.append(table(members));
    }
    body.append(reproduce(commit, items));
  }

  function table(items) {
    const head = ["Series", "What", "Before → after", "Size", "Around this commit", "Notes"];
    return el(
      "div",
      { class: "scroll" },
      el(
        "table",
        { class: "stack changes" },
        el(
          "thead",
          {},
          el(
            "tr",
            {},
            head.map((text) =>
              el("th", { scope: "col", class: text === "Size" ? "number" : null }, text),
            ),
          ),
        ),
        items.map((item) => rows(item)),
      ),
    );
  }

  /** The cells of an item: the first ones, and a button for the others. */
  function rows(item) {
    const body = el("tbody", {}, item.changes.slice(0, CELLS).map(row));
    const others = item.changes.slice(CELLS);
    if (others.length) {
      const text = `${U.plural(others.length, "more parameter combination")} of the same kind`;
      const button = el(
        "button",
        {
          type: "button",
          class: "plain",
          on: { click: () => last.replaceWith(...others.map(row)) },
        },
        text,
      );
      const last = el("tr", {}, el("td", { colspan: 6 }, button));
      body.append(last);
    }
    return body;
  }

  function row(change) {
    const { series, cell } = change;
    const place = el("td", { "data-label": "Around", class: "around" });
    const text = [series.shown, U.cellText(series, cell)].filter(Boolean).join(" ");
    U.whenNear(place, async () => {
      try {
        const values = await U.values(series);
        U.fill(place, U.sparkAround(values.cells[cell], change.commit, AROUND, series, text));
      } catch (error) {
        U.complain(place, error);
      }
    });
    const size = U.sizeText(change.before, change.after, series);
    return el(
      "tr",
      {},
      el(
        "th",
        { scope: "row" },
        el("a", { href: U.seriesLink(series, cell) }, series.shown),
        " ",
        el("span", { class: "soft" }, U.cellText(series, cell)),
      ),
      el("td", {}, el("span", { class: "chips" }, U.changeMark(change), U.stateMark(change))),
      el(
        "td",
        { "data-label": "Values" },
        el("span", { class: "values" }, U.valuesText(change)),
        " ",
        !U.hasOwnUnit(series) &&
          U.figureOf(change.after) !== null &&
          el("span", { class: "soft small" }, series.unit),
      ),
      el("td", { "data-label": "Size", class: "number" }, size),
      place,
      el("td", { class: "small" }, notes(change)),
    );
  }

  function notes(change) {
    const all = U.notes(change);
    if (change.reason) all.unshift(el("code", {}, change.reason));
    return all.flatMap((note, n) => (n ? [el("br"), note] : [note]));
  }

  function program() {
    return `unladen --target ${U.shell(U.site.target)}`;
  }

  function measureIt(commit) {
    return U.command(`${program()} run ${commit.hash.slice(0, 12)}^!`, "measure this commit");
  }

  /** Commands for one series, chosen among those that changed. */
  function reproduce(commit, items) {
    const changes = [
      ...new Map(items.map((item) => [item.changes[0].series.name, item.changes[0]])).values(),
    ];
    const box = el("div", {});
    const fill = (name) => {
      const change = changes.find((one) => one.series.name === name);
      U.fill(
        box,
        commandsFor(change, commit).flatMap(([text, line]) => [
          el("p", { class: "small soft" }, text),
          U.command(line, text),
        ]),
      );
    };
    const names = changes.map((one) => [one.series.name, one.series.shown]);
    const choice = U.choice("reproduce-series", "Series", names, names[0][0], fill);
    fill(names[0][0]);
    return el(
      "section",
      {},
      el("h2", {}, "Reproduce"),
      el("div", { class: "controls" }, choice),
      box,
    );
  }

  /** [what it is for, command] pairs for a change. */
  function commandsFor(change, commit) {
    const { series, cell } = change;
    const only = `--series ${U.shell(`^${U.literal(series.shown)}$`)}`;
    const short = (one) => one.hash.slice(0, 12);
    const hash = short(commit);
    const position =
      U.position(change.firstSuspect) >= 0 ? U.position(change.firstSuspect) : U.position(commit);
    const before = position > 0 ? U.commitAt(position - 1) : null;
    const commands = [];
    if (change.state === "suspected") {
      commands.push([
        "Measure both commits side by side, and keep the verdict",
        `${program()} confirm ${hash} ${only}`,
      ]);
    }
    if (before) {
      const text = U.cellText(series, cell);
      const place = U.shell(text ? `${series.shown}(${text})` : series.shown);
      commands.push(
        [
          "Compare with the commit before, as for a pull request",
          `${program()} gate ${short(before)} ${hash} ${only}`,
        ],
        [
          "Find the first commit with the change",
          `${program()} bisect ${place} ${short(before)} ${short(change.lastSuspect)}`,
        ],
      );
    }
    return [
      ...commands,
      ["All that this commit changed, as text", `${program()} changes ${hash} --all`],
    ];
  }

  U.onState(show);
})(window.Unladen);
