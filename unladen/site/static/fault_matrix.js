/* Outcomes of faults (down) at commits (across, newest first), like a test report. */
"use strict";

const FaultMatrix = (() => {
  const { el, $ } = Elements;
  const COLUMNS = 60;
  let limit = COLUMNS;

  /** The positions of the columns, newest first: all, or those at which an outcome changed.
      @param {OutcomeMatrix} matrix @param {Fault[]} faults @param {number} position
      @param {boolean} isEvery */
  function columnsOf({ measured }, faults, position, isEvery) {
    if (isEvery) return [...measured].reverse();
    const wanted = Faults.changed(faults);
    for (const one of [measured[0], measured[measured.length - 1], position]) wanted.add(one);
    return [...wanted].sort((a, b) => b - a);
  }

  /** Draws some faults. `position`: that of the chosen commit; `isEvery`: at all commits.
      @param {OutcomeMatrix} matrix @param {Fault[]} faults @param {number} position
      @param {boolean} isEvery */
  function draw(matrix, faults, position, isEvery) {
    const all = columnsOf(matrix, faults, position, isEvery);
    const columns = all.slice(0, limit);
    const left = all.length - columns.length;
    $("more").hidden = left === 0;
    $("more").textContent = `Show ${Format.plural(left, "older commit")}`;
    $("more").onclick = () => {
      limit = Number.POSITIVE_INFINITY;
      draw(matrix, faults, position, isEvery);
    };
    if (!faults.length) {
      Elements.fill($("matrix"), el("p", {}, "No fault is like that."));
      return;
    }
    const places = [...new Set(faults.map(({ place }) => place))];
    const bodies = places.map((place) =>
      body(
        place,
        faults.filter((fault) => fault.place === place),
        matrix,
        columns,
      ),
    );
    const caption = "Outcomes of faults (down) at commits (across, newest first)";
    const heads = columns.map((one) => columnHead(one, one === position));
    Elements.fill(
      $("matrix"),
      el(
        "table",
        {},
        el("caption", { class: "visually-hidden" }, caption),
        el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Fault"), heads)),
        bodies,
      ),
    );
  }

  /** The faults of one place.
      @param {string} place @param {Fault[]} members @param {OutcomeMatrix} matrix
      @param {number[]} columns */
  function body(place, members, matrix, columns) {
    const head = el(
      "th",
      { scope: "rowgroup", colspan: columns.length + 1 },
      el("span", {}, place),
    );
    const rows = members.map((fault) => row(fault, matrix, columns));
    return el("tbody", {}, el("tr", {}, head), rows);
  }

  /** @param {number} position @param {boolean} isChosen */
  function columnHead(position, isChosen) {
    const commit = Commits.at(position);
    const link = Marks.commitLink(commit);
    link.title = `${Format.day(commit.date)} ${commit.subject}`;
    const tags = commit.tags.length > 0 && [commit.tags.join(", "), " "];
    return el(
      "th",
      { scope: "col", class: isChosen ? "chosen" : null },
      el(
        "span",
        { class: "head" },
        link,
        el("span", { class: "when" }, tags, Format.day(commit.date)),
        el("bdi", { class: "subject" }, commit.subject),
      ),
    );
  }

  /** @param {Fault} fault @param {OutcomeMatrix} matrix @param {number[]} columns */
  function row(fault, matrix, columns) {
    const click = () => {
      const described = $(`case-${fault.cell}`);
      described.scrollIntoView({ block: "center" });
      described.focus({ preventScroll: true });
    };
    const button = el(
      "button",
      { type: "button", class: "plain", on: { click } },
      el("span", { class: "visually-hidden" }, `${fault.place}: `),
      fault.short,
    );
    const cells = columns.map((position, n) => {
      const value = fault.values[position];
      const { sign, letters, words, style } = Faults.told(value, fault, matrix);
      const older = n + 1 < columns.length ? fault.values[columns[n + 1]] : null;
      const isOther = value !== null && older !== null && !Faults.isSame(value, older);
      return el(
        "td",
        { class: [style, isOther && "changed"].filter(Boolean).join(" ") },
        el("span", { "aria-hidden": "true" }, `${sign} ${letters}`.trim()),
        el("span", { class: "visually-hidden" }, words),
      );
    });
    return el("tr", {}, el("th", { scope: "row" }, button), cells);
  }

  return { draw };
})();
